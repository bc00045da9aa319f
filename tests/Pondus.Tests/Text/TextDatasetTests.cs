using Pondus.Data;
using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

public sealed class TextDatasetTests
{
    private static readonly Vocabulary s_digits = new([.. Enumerable.Range(0, 10).Select(static d => $"{d}")]);
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 30).Select(static i => i % 10)];

    [Fact]
    public void Windows_Tokens_ArePairedWithTheirSuccessors()
    {
        Dataset data = TextDataset.Windows(s_tokens, s_digits, context: 4, shifts: false);
        // 29 places to predict: seven windows of 4.
        Assert.Equal((7, new Shape(4), new Shape(4)), (data.Count, data.InputShape, data.LabelShape));
        Assert.Equal([4f, 5, 6, 7], data.Input(1));
        BatchLoader loader = new(data, 7, new RandomSource(1), shuffle: false);
        Batch batch = loader.Next();
        Assert.Equal([7, 4], batch.Inputs.Shape);
        Assert.Equal(s_tokens[..28].Select(static t => (float)t), batch.Inputs.ToArray());
        Assert.Equal(s_tokens[1..29], batch.Labels.ToArray());
    }

    [Fact]
    public void Next_ShuffledEpochs_BeginElsewhereAndMeetEveryPlaceOnce()
    {
        int[] tokens = [.. Enumerable.Range(0, 1000)];
        Dataset data = TextDataset.Windows(tokens, new Vocabulary([.. tokens.Select(static t => char.ConvertFromUtf32(0x4E00 + t))]), context: 16);
        BatchLoader loader = new(data, 8, new RandomSource(5));
        HashSet<int> starts = [];
        for (int epoch = 0; epoch < 20; epoch++)
        {
            List<int> seen = [];
            for (int i = 0; i < loader.BatchCount; i++)
            {
                Batch batch = loader.Next();
                float[] inputs = batch.Inputs.ToArray();
                Assert.Equal(inputs.Select(static x => (int)x + 1), batch.Labels.ToArray());
                seen.AddRange(inputs.Select(static x => (int)x));
            }

            // Neighboring windows of 16: 61 of them, from a place below 16 on.
            Assert.Equal(Enumerable.Range(seen.Min(), 61 * 16), seen.Order());
            starts.Add(seen.Min());
            Assert.InRange(seen.Min(), 0, 15);
        }

        Assert.InRange(starts.Count, 6, 16);
    }

    [Fact]
    public void Next_AfterSeek_GivesTheSameWindows()
    {
        Dataset data = TextDataset.Windows(s_tokens, s_digits, context: 4);
        BatchLoader first = new(data, 2, new RandomSource(3)), second = new(data, 2, new RandomSource(3), prefetch: true);
        for (int i = 0; i < 11; i++)
        {
            first.Next();
        }

        second.Seek(first.Epoch, first.Position);
        for (int i = 0; i < 9; i++)
        {
            Batch a = first.Next(), b = second.Next();
            Assert.Equal(a.Inputs.ToArray(), b.Inputs.ToArray());
            Assert.Equal(a.Labels.ToArray(), b.Labels.ToArray());
        }
    }

    [Fact]
    public void Windows_ShortText_HasOneWindowOrIsRefused()
    {
        Assert.Equal(1, TextDataset.Windows(s_tokens.AsSpan(0, 5), s_digits, context: 4).Count);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => TextDataset.Windows(s_tokens.AsSpan(0, 4), s_digits, context: 4));
        Assert.StartsWith("TextDataset: expected more than 4 tokens, one window and the token behind it, got 4. Give more text or a shorter context.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_Windows_KeepTheirLabels()
    {
        Dataset part = TextDataset.Windows(s_tokens, s_digits, context: 4, shifts: false).Take([2, 0]);
        Assert.Equal([8f, 9, 0, 1, 0, 1, 2, 3], part.Inputs);
        Assert.Equal([9, 0, 1, 2, 1, 2, 3, 4], part.Labels!);
    }

    [Fact]
    public void Read_FolderAndBadFile_AreJoinedAndRefused()
    {
        string folder = Directory.CreateTempSubdirectory("pondus-text-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "b.txt"), "two");
            File.WriteAllText(Path.Combine(folder, "a.txt"), "one ");
            Assert.Equal("one two", PlainText.Read(folder));
            string bad = Path.Combine(folder, "bad.bin");
            File.WriteAllBytes(bad, [0x61, 0xFF]);
            Assert.Equal($"{bad} byte 1: expected UTF-8, got bytes that are none. Convert the file, for instance with iconv.", Assert.Throws<DataFormatException>(() => PlainText.Read(bad)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void FindLicenses_OnDebian_GivesTheTokensOfTheBenchmark()
    {
        IReadOnlyList<string> files = PlainText.FindLicenses();
        if (files.Count == 0)
        {
            Assert.Skip("No license texts in /usr/share/common-licenses.");
        }

        string text = PlainText.ReadFiles(files);
        Vocabulary vocabulary = Vocabulary.OfCharacters(text, 65);
        Assert.Equal(65, vocabulary.Count);
        Assert.Equal(" ", vocabulary.Tokens[0]);
        Assert.Equal(Vocabulary.Other, vocabulary.Tokens[64]);
        Assert.InRange(vocabulary.Encode(text).Max(), 64, 64);
    }
}
