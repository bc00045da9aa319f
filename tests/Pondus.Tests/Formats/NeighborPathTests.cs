using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class NeighborPathTests
{
    [Theory]
    [InlineData("inside", true)]
    [InlineData("sub/inside", true)]
    [InlineData("alias", true)]
    [InlineData("round", true)]
    [InlineData("../secret", false)]
    [InlineData("leak", false)]
    [InlineData("detour", false)]
    [InlineData("around", false)]
    [InlineData("loop", false)]
    public void Resolve_NamesAndLinks_StayWithinTheFolder(string name, bool isAllowed)
    {
        using TestFolder folder = new();
        folder.Write("secret", [1]);
        string home = Directory.CreateDirectory(folder.File("home")).FullName, sub = Directory.CreateDirectory(Path.Combine(home, "sub")).FullName;
        Directory.CreateDirectory(folder.File("other"));
        File.WriteAllBytes(Path.Combine(home, "inside"), [1]);
        File.WriteAllBytes(Path.Combine(sub, "inside"), [1]);
        Directory.CreateSymbolicLink(Path.Combine(home, "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(home, "far"), folder.File("other"));
        File.CreateSymbolicLink(Path.Combine(home, "alias"), Path.Combine("sub", "inside"));
        File.CreateSymbolicLink(Path.Combine(home, "round"), Path.Combine("up", "home", "inside"));
        File.CreateSymbolicLink(Path.Combine(home, "leak"), Path.Combine("..", "secret"));
        // The link's own text names a file below the folder; only the link within it leads out.
        File.CreateSymbolicLink(Path.Combine(home, "detour"), Path.Combine("up", "secret"));
        // As a text this is home/secret; the system goes to other first, and from there up.
        File.CreateSymbolicLink(Path.Combine(home, "around"), Path.Combine("far", "..", "secret"));
        File.CreateSymbolicLink(Path.Combine(home, "loop"), "loop");
        string? resolved = NeighborPath.Resolve(Path.Combine(home, "index"), name);
        Assert.Equal(isAllowed ? Path.Combine([home, .. name.Split('/')]) : null, resolved);
    }
}
