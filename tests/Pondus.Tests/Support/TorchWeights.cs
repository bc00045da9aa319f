using Pondus.Tests.Data;

namespace Pondus.Tests.Support;

/// <summary>Turns PyTorch's own weights files into safetensors by PyTorch itself; a test without it skips itself.</summary>
internal static class TorchWeights
{
    private const string Script = """
        import sys, torch
        from safetensors.torch import save_file
        tensors = torch.load(sys.argv[1], weights_only=True, map_location="cpu")
        tensors = tensors.get("state_dict", tensors)
        save_file({name: value.contiguous() for name, value in tensors.items()}, sys.argv[2])
        """;

    /// <summary>Writes the file's tensors, or those of its <c>state_dict</c>, into a folder, and gives the new file's path.</summary>
    public static string ToSafetensors(string path, TestFolder folder)
    {
        string target = folder.File(Path.GetFileName(path) + ".safetensors");
        Peers.RunPython(["-c", Script, path, target]);
        return target;
    }
}
