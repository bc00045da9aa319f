using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using unsafe TileKernel = delegate*<nint, float*, nint, nint, float*, nint, float*, nint, float*, nint, int, int, void>;

namespace Pondus.Kernels;

/// <summary>One blocked matrix product: the operands, and how its work is cut into units.</summary>
/// <remarks>
/// A unit computes a rectangle of C from start to end, packing what it needs into its thread's own memory, so units
/// share nothing and need no barrier. Every element is one chain of multiply-adds in the order of k, which starts from
/// C, the bias or zero and passes through C between blocks of k: no cut changes a bit of the result.
/// </remarks>
internal unsafe struct GemmJob
{
    // 512 steps of a tile's columns are 64 KB, of its rows 32 KB: both stream from the second-level cache.
    private const int KBlock = 512;

    // Eight row panels of A (256 KB) stay in the second-level cache while B streams past from the third.
    private const int PackGroup = 8;

    // One megabyte of B, which the third-level cache holds.
    private const int MostColumns = 512;

    // Strips of 16 rows: panel by panel, every row of a large matrix would be another page of memory.
    private const int PackRows = 16;

    // Fewer panels than these do not repay a copy.
    private const int PackAColumnPanels = 5;
    private const int PackBRowPanels = 7;

    // Short rows side by side are nearly a panel already.
    private const int ShortRow = 160, PackShortColumnPanels = 20;

    // Beside so many rows B is small: each thread packs all of it rather than all rows of A.
    private const int TallRows = 512, TallPanels = 4;

    // Below some 2 us on one thread the fork does not pay.
    private const double ParallelWork = 4e5;
    private const int PrefetchSteps = 128;

    public int M;
    public int N;
    public int K;
    public float* A;
    public nint Lda;
    public bool TransposeA;
    public float* B;
    public nint Ldb;
    public bool TransposeB;

    /// <summary>B is already in panels, see <see cref="Gemm.Pack"/>.</summary>
    public bool BInPanels;

    /// <summary>Rows of a panel of B where there are more than K; else 0.</summary>
    public int PanelLength;

    public float* C;
    public nint Ldc;
    public bool Accumulate;
    // Where the sums start from, or null.
    public float* Start;
    public nint StartRow;
    public float* Bias;
    public bool Relu;
    public int RowColumns;
    private int _rowPanels;
    private int _rowBase;
    private int _rowExtra;
    private int _columnPanels;
    private int _rowBlock;
    private int _rowBlocks;
    private int _columnBlock;
    private int _kBlock;
    private bool _packA;
    private bool _packB;
    private long _serial;

    private static long s_serial;

    // The unit that this thread packed B for last.
    [ThreadStatic]
    private static long t_packedSerial;

    [ThreadStatic]
    private static int t_packedBlock;

    /// <summary>Rows of a tile.</summary>
    public static int TileRows => KernelSet.HasAvx512 ? 14 : Vector128.IsHardwareAccelerated ? 6 : 1;

    /// <summary>Columns of a tile.</summary>
    public static int TileColumns => KernelSet.HasAvx512 ? 32 : KernelSet.HasAvx2 ? 16 : 8;

    private static int PanelRows => KernelSet.HasAvx512 ? 16 : 8;

    /// <summary>Runs the product on this thread or on the pool, as its size deserves.</summary>
    public void Run() => Run(2.0 * M * N * K < ParallelWork ? 1 : Pool.ThreadCount);

    /// <summary>Runs the product on this thread alone.</summary>
    public void RunHere() => Run(threads: 1);

    private void Run(int threads)
    {
        fixed (GemmJob* self = &this)
        {
            if (GemmRow.Applies(in this))
            {
                GemmRow.Multiply(self);
                return;
            }

            int units = Plan(threads);
            if (threads > 1 && units > 1)
            {
                Pool.Run(&RunUnit, self, units);
                return;
            }

            for (int unit = 0; unit < units; unit++)
            {
                RunUnit(unit, self);
            }
        }
    }

    private int Plan(int threads)
    {
        int tileRows = TileRows;
        int tileColumns = TileColumns;
        _rowPanels = (M + tileRows - 1) / tileRows;
        _rowBase = M / _rowPanels;
        _rowExtra = M - (_rowBase * _rowPanels);
        _columnPanels = (N + tileColumns - 1) / tileColumns;
        int kBlocks = Math.Max(1, (K + KBlock - 1) / KBlock);
        _kBlock = Math.Max(16, (((K + kBlocks - 1) / kBlocks) + 15) & ~15);
        _packB = !BInPanels && (TransposeB || _rowPanels >= PackBRowPanels);

        // The cuts may follow the thread count because they change no bit. Few and large units pack least; two for
        // each thread let a disturbed one fall behind.
        int units = threads == 1 ? 1 : 2 * threads;
        int columnBlocks = M >= TallRows && _rowPanels >= TallPanels * _columnPanels ? 1 : _rowPanels > 12 ? Math.Min(threads, _columnPanels / 4) : Math.Min(units, _columnPanels);
        columnBlocks = Math.Max(Math.Max(1, columnBlocks), (_columnPanels * tileColumns + MostColumns - 1) / MostColumns);
        _columnBlock = (_columnPanels + columnBlocks - 1) / columnBlocks;
        columnBlocks = (_columnPanels + _columnBlock - 1) / _columnBlock;
        int rowBlocks = Math.Clamp(units / columnBlocks, 1, _rowPanels);
        _rowBlock = (_rowPanels + rowBlocks - 1) / rowBlocks;
        _rowBlocks = (_rowPanels + _rowBlock - 1) / _rowBlock;
        _packA = TileRows > 1 && _columnBlock >= (!TransposeA && Lda <= ShortRow ? PackShortColumnPanels : PackAColumnPanels);
        if (_packB)
        {
            _serial = Interlocked.Increment(ref s_serial);
        }

        return columnBlocks * _rowBlocks;
    }

    private static void RunUnit(int unit, void* state)
    {
        ref GemmJob job = ref *(GemmJob*)state;
        int columnBlock = unit / job._rowBlocks;
        int rowBlock = unit - (columnBlock * job._rowBlocks);
        int i0 = rowBlock * job._rowBlock;
        int i1 = Math.Min(job._rowPanels, i0 + job._rowBlock);
        int j0 = columnBlock * job._columnBlock;
        int j1 = Math.Min(job._columnPanels, j0 + job._columnBlock);
        nint panelB = (nint)job._kBlock * TileColumns;
        float* packedA = null;
        float* packedB = null;
        if (job._packA || job._packB || !KernelSet.HasAvx512)
        {
            nint panelsA = PackGroup * (nint)PanelRows * job._kBlock;
            packedA = Scratch.Panels(panelsA + ((job._columnBlock + 1) * panelB));
            packedB = packedA + panelsA;
        }

        int k0 = 0;
        do
        {
            int kc = Math.Min(job._kBlock, job.K - k0);
            if (job._packB)
            {
                job.PackBlock(columnBlock, j0, j1, k0, kc, packedB);
            }

            job.Multiply(i0, i1, j0, j1, k0, kc, packedA, packedB);
            k0 += kc;
        }
        while (k0 < job.K);
    }

    // A thread often takes several units of the same columns in turn; their B stays packed when K is one block.
    private void PackBlock(int columnBlock, int j0, int j1, int k0, int kc, float* packedB)
    {
        if (kc == K && t_packedSerial == _serial && t_packedBlock == columnBlock)
        {
            return;
        }

        // Strips of a few rows: panel by panel, every row of a large B would be another page of memory.
        int strip = TransposeB ? kc : PackRows;
        for (int p = 0; p < kc; p += strip)
        {
            int rows = Math.Min(strip, kc - p);
            for (int j = j0; j < j1; j++)
            {
                PackPanel(j, k0 + p, rows, packedB + ((((j - j0) * (nint)kc) + p) * TileColumns));
            }
        }

        t_packedSerial = kc == K ? _serial : 0;
        t_packedBlock = columnBlock;
    }

    private readonly void PackPanel(int j, int k0, int kc, float* panel)
    {
        int column = j * TileColumns;
        float* b = TransposeB ? B + (column * Ldb) + k0 : B + (k0 * Ldb) + column;
        GemmPack.Columns(b, Ldb, TransposeB, Math.Min(TileColumns, N - column), kc, panel, TileColumns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply(int i0, int i1, int j0, int j1, int k0, int kc, float* packedA, float* packedB)
    {
        int tileColumns = TileColumns;
        bool first = k0 == 0;
        int relu = Relu && k0 + kc == K ? 1 : 0;
        int lastColumns = N - ((_columnPanels - 1) * tileColumns);
        float* edgeB = null;
        if (!KernelSet.HasAvx512 && !_packB && !BInPanels && j1 == _columnPanels && lastColumns < tileColumns)
        {
            // Tiles without masks read whole rows of B.
            edgeB = packedB;
            PackPanel(j1 - 1, k0, kc, edgeB);
        }

        nint aRow = _packA || TransposeA ? 1 : Lda;
        nint aStep = _packA ? PanelRows : TransposeA ? Lda : 1;
        for (int group = i0; group < i1; group += PackGroup)
        {
            int groupEnd = Math.Min(i1, group + PackGroup);
            if (_packA)
            {
                PackA(group, groupEnd, k0, kc, packedA);
            }

            for (int j = j0; j < j1; j++)
            {
                nint column = j * (nint)tileColumns;
                int columns = j == _columnPanels - 1 ? lastColumns : tileColumns;
                float* b;
                nint bStep = tileColumns;
                if (_packB)
                {
                    b = packedB + ((j - j0) * (nint)kc * tileColumns);
                }
                else if (BInPanels)
                {
                    b = B + ((column * (PanelLength > 0 ? PanelLength : K)) + ((nint)k0 * tileColumns));
                }
                else if (edgeB != null && columns < tileColumns)
                {
                    b = edgeB;
                }
                else
                {
                    b = B + (k0 * Ldb) + column;
                    bStep = Ldb;
                }

                int rows = 0;
                TileKernel tile = null;
                for (int i = group; i < groupEnd; i++)
                {
                    nint row = (i * (nint)_rowBase) + Math.Min(i, _rowExtra);
                    if (rows != _rowBase + (i < _rowExtra ? 1 : 0))
                    {
                        rows = _rowBase + (i < _rowExtra ? 1 : 0);
                        tile = ChooseTile(rows, columns);
                    }

                    float* a = _packA ? packedA + ((i - group) * (nint)kc * PanelRows)
                        : TransposeA ? A + (k0 * Lda) + row
                        : A + (row * Lda) + k0;
                    float* c = C + (row * Ldc) + column;
                    float* start = null;
                    nint startRow = Ldc;
                    if (!first || Accumulate)
                    {
                        start = c;
                    }
                    else if (Start != null)
                    {
                        start = Start + (row * StartRow) + column;
                        startRow = StartRow;
                    }
                    else if (Bias != null)
                    {
                        start = Bias + column;
                        startRow = 0;
                    }

                    if (KernelSet.HasAvx512 || columns == tileColumns)
                    {
                        if (kc >= PrefetchSteps && Sse.IsSupported)
                        {
                            Prefetch(c + (rows * Ldc), Ldc, rows);
                        }

                        tile(kc, a, aRow, aStep, b, bStep, c, Ldc, start, startRow, columns, relu);
                    }
                    else
                    {
                        Edge(tile, kc, a, aRow, aStep, b, bStep, c, Ldc, start, startRow, rows, columns, relu);
                    }
                }
            }
        }
    }

    // The next tile's part of C: its sums start from there, which would stall on a miss. Beyond C it is harmless.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* c, nint ldc, int rows)
    {
        for (int r = 0; r < rows; r++, c += ldc)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + 16);
        }
    }

    private readonly void PackA(int i0, int i1, int k0, int kc, float* packedA)
    {
        int strip = TransposeA ? PackRows : kc;
        for (int p = 0; p < kc; p += strip)
        {
            int length = Math.Min(strip, kc - p);
            for (int i = i0; i < i1; i++)
            {
                int rows = _rowBase + (i < _rowExtra ? 1 : 0);
                nint row = (i * (nint)_rowBase) + Math.Min(i, _rowExtra);
                float* a = TransposeA ? A + ((k0 + p) * Lda) + row : A + (row * Lda) + k0;
                GemmPack.Rows(a, Lda, TransposeA, rows, length, packedA + ((((i - i0) * (nint)kc) + p) * PanelRows), PanelRows);
            }
        }
    }

    private static TileKernel ChooseTile(int rows, int columns)
    {
        if (KernelSet.HasAvx512)
        {
            return columns > 16 ? GemmTiles512.Wide(rows) : GemmTiles512.Narrow(rows);
        }

        if (KernelSet.HasAvx2)
        {
            return GemmTiles256.Wide(rows);
        }

        return Vector128.IsHardwareAccelerated ? GemmTiles128.Wide(rows) : &GemmTilesScalar.Tile1x8;
    }

    // Without masks a narrow tile is computed whole, beside C.
    private static void Edge(
        TileKernel tile,
        nint kc, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint ldc, float* start, nint startRow, int rows, int columns, int relu)
    {
        int width = TileColumns;
        float* whole = stackalloc float[6 * 16];
        if (start != null)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    whole[(i * width) + j] = j < columns ? start[(i * startRow) + j] : 0;
                }
            }
        }

        tile(kc, a, aRow, aStep, b, bStep, whole, width, start == null ? null : whole, width, width, relu);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                c[(i * ldc) + j] = whole[(i * width) + j];
            }
        }
    }
}
