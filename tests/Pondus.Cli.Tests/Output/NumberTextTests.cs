using Pondus.Cli.Output;
using Xunit;

namespace Pondus.Cli.Tests.Output;

public class NumberTextTests
{
    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(0.25, "0.2500")]
    [InlineData(0.00123, "1.23e-3")]
    [InlineData(-12345678, "-1.235e+7")]
    [InlineData(double.NaN, "NaN")]
    public void Short_Number_KeepsFourDigits(double value, string expected) => Assert.Equal(expected, NumberText.Short(value));

    [Theory]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(5.1, "5.1")]
    [InlineData(1e300, "1E+300")]
    public void Exact_Number_HidesBinaryRounding(double value, string expected) => Assert.Equal(expected, NumberText.Exact(value));

    [Theory]
    [InlineData(0.421, "0.42 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Duration_Seconds_AreReadable(double seconds, string expected) => Assert.Equal(expected, NumberText.Duration(seconds));
}
