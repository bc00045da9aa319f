namespace Pondus.Formats.Hdf5;

/// <summary>A group to be written: its members by the bytes of their names.</summary>
internal sealed class Hdf5Folder
{
    private readonly Dictionary<string, Hdf5Folder> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WeightEntry Entry, long Address)> _tensors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Hdf5Folder> Folders => _folders;

    public IReadOnlyDictionary<string, (WeightEntry Entry, long Address)> Tensors => _tensors;

    public List<Hdf5Attribute> Attributes { get; } = [];

    /// <summary>Puts a tensor where its name says.</summary>
    public void Add(WeightEntry entry, long address)
    {
        int slash = entry.Name.LastIndexOf('/');
        string name = entry.Name[(slash + 1)..];
        Hdf5Folder folder = slash < 0 ? this : Find(entry.Name[..slash], entry.Name);
        CheckPart(name, entry.Name);
        if (folder._folders.ContainsKey(name) || !folder._tensors.TryAdd(name, (entry, address)))
        {
            throw Taken(entry.Name);
        }
    }

    /// <summary>Finds or makes a group by its path.</summary>
    public Hdf5Folder Find(string path) => path.Length == 0 ? this : Find(path, path);

    private static void CheckPart(string part, string name)
    {
        if (part.Length == 0 || part is "." || part.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"Tensor '{name}': expected a path of parts that are not empty and not '.', got '{part}'. Rename it.", nameof(name));
        }
    }

    private static ArgumentException Taken(string name) =>
        new($"Tensor '{name}': expected a path of its own, got one that is taken by another tensor or passes through one. Rename it.", nameof(name));

    private Hdf5Folder Find(string path, string name)
    {
        Hdf5Folder folder = this;
        foreach (string part in path.Split('/'))
        {
            CheckPart(part, name);
            if (folder._tensors.ContainsKey(part))
            {
                throw Taken(name);
            }

            if (!folder._folders.TryGetValue(part, out Hdf5Folder? next))
            {
                folder._folders[part] = next = new Hdf5Folder();
            }

            folder = next;
        }

        return folder;
    }
}
