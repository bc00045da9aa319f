using Pondus.Experiments;
using Xunit;

namespace Pondus.Tests.Experiments;

public class RecipesTests
{
    [Fact]
    public void Get_EveryName_HasThatNameAndASummary()
    {
        foreach (string name in Recipes.Names)
        {
            Assert.Equal(name, Recipes.Get(name).Name);
            Assert.StartsWith("//", Recipes.Text(name), StringComparison.Ordinal);
            Assert.EndsWith(".", Recipes.Summary(name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_EveryEmbeddedRecipe_IsListed()
    {
        IEnumerable<string> embedded = typeof(Recipes).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("recipes/", StringComparison.Ordinal));
        Assert.Equal(embedded.Order(StringComparer.Ordinal), Recipes.Names.Select(n => $"recipes/{n}.json").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Get_UnknownName_SuggestsTheNearest()
    {
        ExperimentException e = Assert.Throws<ExperimentException>(() => Recipes.Get("fashon"));
        Assert.Equal("recipe: expected one of line, letters, fashion, lstm-char, got 'fashon'. Did you mean 'fashion'?", e.Message);
    }
}
