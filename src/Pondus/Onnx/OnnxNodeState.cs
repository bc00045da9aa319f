using System.Collections.Concurrent;

namespace Pondus.Onnx;

/// <summary>What a node keeps between runs.</summary>
internal sealed class OnnxNodeState
{
    private readonly ConcurrentDictionary<string, object> _items = new(StringComparer.Ordinal);

    public T Get<T>(string key, Func<T> make)
        where T : class => (T)_items.GetOrAdd(key, static (_, create) => create(), make);
}
