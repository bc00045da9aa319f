namespace Pondus.Data;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
internal static class NearestName
{
    /// <summary>Gives <c> Did you mean 'x'?</c>, or nothing when no name is near.</summary>
    internal static string Hint(string name, IEnumerable<string> known)
    {
        string? nearest = Find(name, known);
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }

    /// <summary>Gives the known name with the fewest changed letters, or null when more than a third would have to change.</summary>
    internal static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = 1 + (Math.Max(name.Length, 3) / 3);
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements of one letter.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
