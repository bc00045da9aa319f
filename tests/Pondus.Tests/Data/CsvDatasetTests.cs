using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class CsvDatasetTests
{
    [Fact]
    public void Load_HeaderAndLastColumn_GivesSortedClasses()
    {
        Dataset data = Load("x,y,kind\n1,2.5,zebra\n-3,4e1,ape\n\n5,6,zebra\n");
        Assert.Equal([1f, 2.5f, -3f, 40f, 5f, 6f], data.Inputs);
        Assert.Equal(["ape", "zebra"], data.ClassNames);
        Assert.Equal([1, 0, 1], data.Labels!);
        Assert.Equal(["x", "y"], data.InputNames);
    }

    [Fact]
    public void Load_NumericClasses_AreSortedByValue()
    {
        Dataset data = Load("1,10\n2,9\n3,-1\n");
        Assert.Equal(["-1", "9", "10"], data.ClassNames);
        Assert.Equal([2, 1, 0], data.Labels!);
        Assert.Equal(["column0"], data.InputNames);
    }

    [Theory]
    [InlineData("a;b;c\n1;2;3\n", "a.csv", null)]
    [InlineData("a\tb\tc\n1\t2\t3\n", "a.tsv", null)]
    [InlineData("a\tb\tc\n1\t2\t3\n", "a.txt", null)]
    [InlineData("a|b|c\n1|2|3\n", "a.csv", null)]
    [InlineData("a b c\n1 2 3\n", "a.csv", ' ')]
    [InlineData("\ufeff\"a\",\"b\",\"c\"\r\n\"1\", \"2\" ,\"3\"\r\n", "a.csv", null)]
    public void Load_Separators_AreFoundOrGiven(string text, string name, char? separator)
    {
        Dataset data = Load(text, name, options => options with { Separator = separator, Task = TableTask.Regression });
        Assert.Equal([1f, 2f], data.Inputs);
        Assert.Equal([3f], data.Targets!);
        Assert.Equal([1], data.TargetShape);
        Assert.Equal(["a", "b"], data.InputNames);
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("1")]
    public void Load_TargetByNameOrIndex_IgnoresTheIdentifier(string target)
    {
        Dataset data = Load("id,kind,x\n7,a,0.5\n8,b,1\n", change: options => options with { Target = target, Ignored = ["id"] });
        Assert.Equal([0.5f, 1f], data.Inputs);
        Assert.Equal([0, 1], data.Labels!);
    }

    [Fact]
    public void Load_GivenClasses_KeepTheirOrder()
    {
        Dataset data = Load("1,low\n2,high\n", change: options => options with { ClassNames = ["low", "middle", "high"] });
        Assert.Equal([0, 2], data.Labels!);
        Assert.Equal(3, data.ClassCount);
    }

    [Theory]
    [InlineData("x,y\n1,a\nNaN,b\n", " line 3, column 'x': expected a finite number, got 'NaN'.")]
    [InlineData("x,y\n1,a\nNA,b\n", " line 3, column 'x': expected a finite number, got 'NA'.")]
    [InlineData("x,y\n1,a\n,b\n", " line 3, column 'x': expected a finite number, got an empty cell.")]
    [InlineData("x,y\n1e99,a\n", " line 2, column 'x': expected a finite number, got '1e99'.")]
    [InlineData("x,y\n\n\n1,a\n2,\n", " line 5, column 'y': expected a class, got an empty cell.")]
    [InlineData("x,y\n1,a\n1,a,3\n", " line 3: expected 2 cells as in line 1, got 3.")]
    [InlineData("150,4,setosa\n5.1,3.5,1.4,0\n", " line 2: expected 3 cells as in line 1, got 4. If line 1 is no row, skip it.")]
    [InlineData("x,y\n", ": expected at least 1 row below the header, got 0.")]
    [InlineData("", ": expected at least 1 row, got 0.")]
    [InlineData("x,x\n1,2\n", ": expected each column name once, got 'x' twice. If the file has no header, say so.")]
    [InlineData("x\n1\n", ": expected a column beside the target 'x', got none. Is the separator right?")]
    [InlineData("x,y\n1,\"a\n2,b\n", " line 2: expected cells with paired quotes, got a stray or an open one.")]
    public void Load_BadTable_NamesLineAndColumn(string text, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write("t.csv", text);
        Assert.Equal(path + message, Assert.Throws<DataFormatException>(() => CsvDataset.Load(new CsvOptions { Path = path })).Message);
    }

    [Fact]
    public void Load_MissingTarget_NamesTheNearest()
    {
        using TestFolder folder = new();
        string path = folder.Write("t.csv", "length,species\n1,a\n");
        DataFormatException error = Assert.Throws<DataFormatException>(() => CsvDataset.Load(new CsvOptions { Path = path, Target = "speceis" }));
        Assert.Equal($"{path}: expected a column 'speceis', got 2 columns without it. Did you mean 'species'?", error.Message);
        error = Assert.Throws<DataFormatException>(() => CsvDataset.Load(new CsvOptions { Path = path, Target = "2" }));
        Assert.Equal($"{path}: expected a column '2', got 2 columns without it.", error.Message);
    }

    [Fact]
    public void Load_SkippedRows_CountInLineNumbers()
    {
        using TestFolder folder = new();
        string path = folder.Write("t.csv", "150,4,setosa\n1,2,0\n1,bad,0\n");
        CsvOptions options = new() { Path = path, SkipRows = 1, HasHeader = false };
        DataFormatException error = Assert.Throws<DataFormatException>(() => CsvDataset.Load(options));
        Assert.Equal($"{path} line 3, column 'column1': expected a finite number, got 'bad'.", error.Message);
    }

    [Fact]
    public void Load_UnknownClass_NamesTheNearest()
    {
        using TestFolder folder = new();
        string path = folder.Write("t.csv", "1,setosa\n2,setsoa\n");
        CsvOptions options = new() { Path = path, ClassNames = ["setosa", "virginica"] };
        DataFormatException error = Assert.Throws<DataFormatException>(() => CsvDataset.Load(options));
        Assert.Equal($"{path} line 2, column 'column1': expected one of 2 classes, got 'setsoa'. Did you mean 'setosa'?", error.Message);
    }

    [Theory]
    [InlineData("sklearn_iris.csv", 1, "last", 150, 4, 3)]
    [InlineData("sklearn_breast_cancer.csv", 1, "last", 569, 30, 2)]
    [InlineData("LetterRecognition.csv", 0, "lettr", 20_000, 16, 26)]
    [InlineData("Vowel.csv", 0, "Class", 990, 10, 11)]
    public void Load_RealTables_HaveTheirSizes(string name, int skip, string target, int rows, int columns, int classes)
    {
        Dataset data = CsvDataset.Load(new CsvOptions { Path = OptionalData.Require($"tabular/{name}"), SkipRows = skip, Target = target });
        Assert.Equal((rows, columns, classes), (data.Count, data.InputShape.Count, data.ClassCount));
    }

    private static Dataset Load(string text, string name = "t.csv", Func<CsvOptions, CsvOptions>? change = null)
    {
        using TestFolder folder = new();
        CsvOptions options = new() { Path = folder.Write(name, text) };
        return CsvDataset.Load(change is null ? options : change(options));
    }
}
