namespace Pondus.Data;

/// <summary>Finds what a misspelt name probably meant.</summary>
public static class NearestName
{
    /// <summary>Finds the candidate with the smallest edit distance, letter case ignored.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <returns>The nearest name, or null when none is near: more than a third of its letters, and more than one, would have to change.</returns>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        // A name is matched by its beginning only: the cost must stay small whatever the input.
        string written = name.Length > 64 ? name[..64] : name;
        string? nearest = null;
        int smallest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = Distance(written.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < smallest && distance <= Math.Max(1, Math.Max(written.Length, candidate.Length) / 3))
            {
                smallest = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>Makes the last sentence of a message about an unknown name: <c> Did you mean 'x'?</c>, or nothing.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <returns>The sentence with a space before it, or an empty text when no name is near.</returns>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is string nearest ? $" Did you mean '{nearest}'?" : string.Empty;

    // Levenshtein's distance with neighbor swaps (optimal string alignment), so that "lerningrate" and "leanring" are one slip each.
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            cost[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
