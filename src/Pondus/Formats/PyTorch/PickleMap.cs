namespace Pondus.Formats.PyTorch;

/// <summary>A dictionary in the order of its keys' first appearance.</summary>
internal sealed class PickleMap
{
    private Dictionary<object, int>? _index;

    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    public void Set(object? key, object? value)
    {
        // Only keys that compare by value here are merged; others cannot be told apart and stay side by side.
        if (key is string or long)
        {
            _index ??= [];
            if (_index.TryGetValue(key, out int at))
            {
                Items[at] = new(key, value);
                return;
            }

            _index.Add(key, Items.Count);
        }

        Items.Add(new(key, value));
    }

    public object? Get(string key) => _index is not null && _index.TryGetValue(key, out int at) ? Items[at].Value : null;

    public bool Has(string key) => _index is not null && _index.ContainsKey(key);
}
