namespace Pondus.Weights;

/// <summary>Why two tensors are taken for counterparts, the surest reason first.</summary>
public enum MatchKind
{
    /// <summary>The names are the same.</summary>
    Name,

    /// <summary>The names differ only by what programs add: <c>module.</c>, <c>/</c> for <c>.</c>, <c>kernel</c> for <c>weight</c>.</summary>
    Spelling,

    /// <summary>The values are the same.</summary>
    Content,

    /// <summary>The sizes are the same, and so are parts of the names or the place among others of these sizes: a guess.</summary>
    Shape,

    /// <summary>A file of names says so.</summary>
    Map,
}
