using System.Globalization;
using System.Text.RegularExpressions;

namespace Pondus.Networks;

/// <summary>Brings the parameter names that other libraries use to those of Pondus, which are torchvision's.</summary>
/// <remarks>
/// <para>Known are Hugging Face's <c>resnet</c> and <c>mobilenet_v2</c> classifiers and the prefix of PyTorch's <c>DataParallel</c>; any other name stays as it is.</para>
/// </remarks>
/// <example><code>ModuleWeights.Load(network, "model.safetensors", NameMap.ToTorchvision);</code></example>
public static partial class NameMap
{
    /// <summary>Gives the name by which torchvision knows a parameter.</summary>
    /// <param name="name">Name in a weights file.</param>
    /// <returns>The name in the network.</returns>
    public static string ToTorchvision(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string dataParallel = "module.";
        if (name.StartsWith(dataParallel, StringComparison.Ordinal))
        {
            name = name[dataParallel.Length..];
        }

        if (name.StartsWith("resnet.", StringComparison.Ordinal) || name.StartsWith("classifier.1.", StringComparison.Ordinal))
        {
            return FromResNet(name);
        }

        return name.StartsWith("mobilenet_v2.", StringComparison.Ordinal) || name is "classifier.weight" or "classifier.bias" ? FromMobileNet(name) : name;
    }

    private static string FromResNet(string name)
    {
        name = name
            .Replace("resnet.embedder.embedder.convolution.", "conv1.", StringComparison.Ordinal)
            .Replace("resnet.embedder.embedder.normalization.", "bn1.", StringComparison.Ordinal)
            .Replace("shortcut.convolution.", "downsample.0.", StringComparison.Ordinal)
            .Replace("shortcut.normalization.", "downsample.1.", StringComparison.Ordinal);
        if (name.StartsWith("classifier.1.", StringComparison.Ordinal))
        {
            return $"fc.{name["classifier.1.".Length..]}";
        }

        name = Stage().Replace(name, static m => $"layer{Number(m, "stage") + 1}.{m.Groups["block"].Value}.");
        return BlockLayer().Replace(name, static m => $".{(m.Groups["kind"].Value == "convolution" ? "conv" : "bn")}{Number(m, "layer") + 1}.");
    }

    private static string FromMobileNet(string name)
    {
        if (name.StartsWith("classifier.", StringComparison.Ordinal))
        {
            return $"classifier.1.{name["classifier.".Length..]}";
        }

        Match block = MobileBlock().Match(name);
        if (!block.Success)
        {
            return name;
        }

        // The first block has no expansion, so that its layers stand one place lower.
        string place = block.Groups["place"].Value, part = block.Groups["part"].Value, rest = block.Groups["rest"].Value;
        bool isConvolution = block.Groups["kind"].Value == "convolution";
        int offset = part == "conv_stem." ? 0 : 1;
        return (part, place) switch
        {
            ("conv_stem.", "first_conv") => $"features.0.{(isConvolution ? 0 : 1)}.{rest}",
            ("", _) => $"features.18.{(isConvolution ? 0 : 1)}.{rest}",
            (_, "expand_1x1") => $"features.{Number(block, "block") + 2}.conv.0.{(isConvolution ? 0 : 1)}.{rest}",
            (_, "conv_3x3") => $"features.{Feature(block)}.conv.{offset}.{(isConvolution ? 0 : 1)}.{rest}",
            _ => $"features.{Feature(block)}.conv.{offset + (isConvolution ? 1 : 2)}.{rest}",
        };
    }

    private static int Feature(Match block) => block.Groups["block"].Success ? Number(block, "block") + 2 : 1;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^resnet\.encoder\.stages\.(?<stage>\d{1,3})\.layers\.(?<block>\d{1,3})\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stage();

    [GeneratedRegex(@"\.layer\.(?<layer>\d)\.(?<kind>convolution|normalization)\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlockLayer();

    [GeneratedRegex(@"^mobilenet_v2\.(?<part>conv_stem\.|layer\.(?<block>\d{1,3})\.|)(?<place>first_conv|expand_1x1|conv_3x3|reduce_1x1|conv_1x1)\.(?<kind>convolution|normalization)\.(?<rest>\w+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MobileBlock();
}
