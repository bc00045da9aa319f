namespace Pondus.Weights;

/// <summary>The ways to make one set of weights of several.</summary>
public enum MergeMethod
{
    /// <summary>The mean of all. Source: Wortsman et al. 2022, arXiv:2203.05482 (model soups).</summary>
    Average,

    /// <summary>The mean with a weight for each file; the weights are divided by their sum.</summary>
    Weighted,

    /// <summary>Spherical linear interpolation between two. Source: Shoemake 1985, doi:10.1145/325165.325242.</summary>
    Slerp,

    /// <summary>A base plus the scaled sum of what each file changed in it. Source: Ilharco et al. 2023, arXiv:2212.04089.</summary>
    TaskArithmetic,
}
