namespace Pondus.Text;

/// <summary>Joins neighboring pieces of a text, always the pair that comes first by its rank, the leftmost of equal ones.</summary>
/// <remarks>Cost: n log n for n pieces, whatever the text.</remarks>
internal static class PairMerging
{
    /// <summary>A piece: its place in the text and its token, negative when it has none.</summary>
    internal readonly record struct Piece(int Start, int Length, int Token);

    /// <summary>Says what two neighbors become: a rank, the lower the sooner, and a token.</summary>
    internal delegate (double Rank, int Token)? Rule(Piece left, Piece right);

    /// <summary>Joins pieces until no pair has a rank, and gives those that are left.</summary>
    internal static List<Piece> Merge(List<Piece> pieces, Rule rule)
    {
        int count = pieces.Count;
        int[] before = new int[count], behind = new int[count];
        PriorityQueue<(int Left, int Right, int Length, int Token), (double Rank, int Left)> queue = new();
        for (int i = 0; i < count; i++)
        {
            before[i] = i - 1;
            behind[i] = i + 1 < count ? i + 1 : -1;
        }

        for (int i = 0; i + 1 < count; i++)
        {
            Offer(i, i + 1);
        }

        while (queue.TryDequeue(out (int Left, int Right, int Length, int Token) pair, out _))
        {
            // A pair is stale when one of its two has been joined since.
            if (pieces[pair.Left].Length == 0 || pieces[pair.Right].Length == 0 || pieces[pair.Left].Length + pieces[pair.Right].Length != pair.Length)
            {
                continue;
            }

            pieces[pair.Left] = new Piece(pieces[pair.Left].Start, pair.Length, pair.Token);
            pieces[pair.Right] = default;
            behind[pair.Left] = behind[pair.Right];
            if (behind[pair.Left] >= 0)
            {
                before[behind[pair.Left]] = pair.Left;
                Offer(pair.Left, behind[pair.Left]);
            }

            if (before[pair.Left] >= 0)
            {
                Offer(before[pair.Left], pair.Left);
            }
        }

        return pieces.FindAll(static piece => piece.Length > 0);

        void Offer(int left, int right)
        {
            if (rule(pieces[left], pieces[right]) is { } joined)
            {
                queue.Enqueue((left, right, pieces[left].Length + pieces[right].Length, joined.Token), (joined.Rank, left));
            }
        }
    }
}
