namespace Pondus.Formats.Archives;

/// <summary>Keeps only the decompressors of an archive that were used last: each takes some 50 KB, and an archive may have a million members.</summary>
internal sealed class InflatedMembers
{
    private const int MostOpen = 16;

    private readonly Lock _lock = new();
    private readonly List<InflatedMember> _open = [];

    /// <summary>Notes that a member was read, and closes the one that was not for the longest time.</summary>
    public void Used(InflatedMember member)
    {
        InflatedMember? oldest = null;
        lock (_lock)
        {
            _open.Remove(member);
            _open.Add(member);
            if (_open.Count > MostOpen)
            {
                oldest = _open[0];
                _open.RemoveAt(0);
            }
        }

        oldest?.TryClose();
    }
}
