using Pondus.Losses;
using Xunit;

namespace Pondus.Tests.Operations;

/// <summary>Wrong shapes are refused with who, what was expected, what was found.</summary>
public sealed class OperationErrorTests
{
    private static readonly Tensor s_x = Tensor.Zeros([2, 3]);

    private static readonly (Func<Tensor> Compute, string Message)[] s_all =
    [
        (static () => s_x + Tensor.Zeros([2, 4]), "Add: expected shapes that broadcast, got (2, 3) and (2, 4). Axis 1 has sizes 3 and 4; make one of them 1 or equal."),
        (static () => Tensor.Zeros([4, 1, 3]) * Tensor.Zeros([2, 3, 2]), "Multiply: expected shapes that broadcast, got (4, 1, 3) and (2, 3, 2). Axis 2 has sizes 3 and 2; make one of them 1 or equal."),
        (static () => s_x.Maximum(Tensor.Zeros([3, 3])), "Maximum: expected shapes that broadcast, got (2, 3) and (3, 3). Axis 0 has sizes 2 and 3; make one of them 1 or equal."),
        (static () => s_x.MatMul(Tensor.Zeros([4, 5])), "MatMul: expected equal inner sizes, got 3 of (2, 3) and 4 of (4, 5)."),
        (static () => s_x.MatMul(Tensor.Zeros([4, 5]), transposeLeft: true, transposeRight: true), "MatMul: expected equal inner sizes, got 2 of (2, 3) transposed and 5 of (4, 5) transposed."),
        (static () => Tensor.Zeros([3, 2, 3]).MatMul(Tensor.Zeros([4, 3, 5])), "MatMul: expected shapes that broadcast, got (3) and (4). Axis 0 has sizes 3 and 4; make one of them 1 or equal."),
        (static () => s_x.MatMul(Tensor.Zeros([])), "MatMul: expected tensors with at least one axis, got (2, 3) and (). Multiply by a number with *."),
        (static () => s_x.Sum(2), "Sum: expected an axis in [-2, 2), got 2 for shape (2, 3)."),
        (static () => s_x.Mean(-3), "Mean: expected an axis in [-2, 2), got -3 for shape (2, 3)."),
        (static () => Tensor.Zeros([2, 0]).Max(1), "Max: expected at least one value along axis 1, got shape (2, 0)."),
        (static () => Tensor.Zeros([0]).Min(0), "Min: expected at least one value along axis 0, got shape (0)."),
        (static () => s_x.Softmax(5), "Softmax: expected an axis in [-2, 2), got 5 for shape (2, 3)."),
        (static () => s_x.Reshape([4]), "Reshape: expected 6 values as in (2, 3), got shape (4) with 4."),
        (static () => s_x.Permute(0, 0), "Permute: expected each axis of (2, 3) once, got [0, 0]."),
        (static () => Tensor.Zeros([3]).Transpose(), "Transpose: expected at least two axes, got shape (3)."),
        (static () => s_x.Slice(1, 1, 3), "Slice: expected a range within the 3 places of axis 1 of (2, 3), got start 1, length 3, step 1."),
        (static () => s_x.Slice(1, 0, 2, 3), "Slice: expected a range within the 3 places of axis 1 of (2, 3), got start 0, length 2, step 3."),
        (static () => s_x.SelectRows(0, 2), "SelectRows: expected indices in [0, 2), got 2 at place 1."),
        (static () => s_x.SelectRows(-1), "SelectRows: expected indices in [0, 2), got -1 at place 0."),
        (static () => Tensor.Concatenate(0), "Concatenate: expected at least one tensor, got none."),
        (static () => Tensor.Concatenate(0, s_x, Tensor.Zeros([2, 4])), "Concatenate: expected shapes equal but for axis 0, got (2, 3) and (2, 4)."),
        (static () => Tensor.Stack(0), "Stack: expected at least one tensor, got none."),
        (static () => new MeanSquaredError().Forward(s_x, Tensor.Zeros([3, 2])), "MeanSquaredError: expected prediction and target of one shape, got (2, 3) and (3, 2). Reshape one of them."),
        (static () => new Huber().Forward(s_x, Tensor.Zeros([2])), "Huber: expected prediction and target of one shape, got (2, 3) and (2)."),
        (static () => new CrossEntropy().Forward(s_x, new[] { 0 }), "CrossEntropy: expected one label for each row of the logits, got logits (2, 3) and 1 labels."),
        (static () => new CrossEntropy().Forward(s_x, new[] { 0, 3 }), "CrossEntropy: expected labels in [0, 3), got 3 at row 1. Count the classes of the data."),
        (static () => new CrossEntropy(classWeights: [1f, 2f]).Forward(s_x, new[] { 0, 1 }), "CrossEntropy: expected 3 class weights for logits (2, 3), got 2."),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_all.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_WrongShape_SaysWhatIsExpected(int index) =>
        Assert.Equal(s_all[index].Message, Assert.Throws<ShapeException>(() => s_all[index].Compute()).Message);

    [Fact]
    public void ArgMax_Rows_GivesTheFirstLargest()
    {
        Assert.Equal([1, 0], Tensor.Of([1f, 5f, 5f, 2f, 1f, 0f], [2, 3]).ArgMax());
        Assert.Equal("ArgMax: expected at least one value along the last axis, got shape (2, 0).", Assert.Throws<ShapeException>(() => Tensor.Zeros([2, 0]).ArgMax()).Message);
    }

    [Fact]
    public void Targets_OfTheOtherKind_SayWhatToUse()
    {
        Assert.Equal("Targets: expected values, got class numbers. Use CrossEntropy, or load the target column as numbers.", Assert.Throws<InvalidOperationException>(() => new MeanSquaredError().Forward(s_x, new[] { 1 })).Message);
        Assert.Equal("Targets: expected class numbers, got values. Use a regression loss such as MeanSquaredError, or load the target column as classes.", Assert.Throws<InvalidOperationException>(() => new NegativeLogLikelihood().Forward(s_x, s_x)).Message);
    }
}
