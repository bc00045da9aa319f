namespace Pondus.Weights;

/// <summary>How alike two matrices are when their rows are taken as examples and their columns as features.</summary>
/// <remarks>
/// <para>Formula: X and Y are the two matrices with centered columns. Linear CKA = |X'Y|^2 / (|X'X| |Y'Y|), Frobenius norms. It does
/// not change when the columns of one are permuted or rotated, as in networks that differ in the order of their neurons; it is far too
/// high where examples are few and features many. The unbiased one sets the diagonals of the Gram matrices to zero and uses the
/// estimator over n (n - 3), so that unrelated matrices give about 0.</para>
/// <para>Procrustes: the norms made 1, s the sum of the singular values of X'Y: squared distance 2 - 2 s, disparity 1 - s^2.</para>
/// <para>Source: Kornblith et al. 2019, arXiv:1905.00414 (CKA); Song et al. 2012, JMLR 13, equation 5 (unbiased estimator);
/// Schoenemann 1966, doi:10.1007/BF02289451 (Procrustes).</para>
/// </remarks>
public sealed record RowSimilarity
{
    /// <summary>Gets the number of rows compared: fewer than the tensor's when it was sampled.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets the linear CKA, in [0, 1]; null when a matrix does not vary.</summary>
    public double? LinearCka { get; init; }

    /// <summary>Gets the unbiased linear CKA, about 0 for unrelated matrices; null below four rows or when a matrix does not vary.</summary>
    public double? UnbiasedCka { get; init; }

    /// <summary>Gets the unbiased CKA with columns as examples, which does not change when the rows of one are permuted; null below four columns.</summary>
    public double? ColumnCka { get; init; }

    /// <summary>Gets the squared Procrustes distance, in [0, 2]; null when the matrices are too large for it.</summary>
    public double? ProcrustesDistance { get; init; }

    /// <summary>Gets the Procrustes disparity, in [0, 1]; null when the matrices are too large for it.</summary>
    public double? ProcrustesDisparity { get; init; }

    /// <summary>Gets the smallest cosine of a row with its counterpart; null when every row of one is zero.</summary>
    public double? SmallestCosine { get; init; }
}
