namespace Pondus.Layers;

/// <summary>Which values of a head are turned together by rotary positions.</summary>
public enum RotaryPositions
{
    /// <summary>None: positions are not told by rotation.</summary>
    None,

    /// <summary>Neighbors, 0 with 1, 2 with 3: as in RoFormer and GPT-J.</summary>
    Interleaved,

    /// <summary>Halves, 0 with size / 2: as in Llama and GPT-NeoX.</summary>
    Halves,
}
