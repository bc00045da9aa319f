using System.Runtime.InteropServices;
using System.Text;

namespace Pondus.Benchmarks;

/// <summary>OpenBLAS, loaded by hand so that its settings are in the environment before it reads them.</summary>
internal static unsafe class GemmPeer
{
    private const int RowMajor = 101;
    private const int AsStored = 111;
    private const int Transposed = 112;

    private static delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> s_sgemm;
    private static delegate* unmanaged<int, void> s_setThreads;
    private static delegate* unmanaged<byte*> s_coreName;

    /// <summary>Loads the library.</summary>
    /// <returns>Which kernels it runs, or null when it is not installed.</returns>
    public static string? Load()
    {
        // OpenBLAS knows no Zen 5; these are its AVX-512 kernels that run best there.
        SetVariable("OPENBLAS_CORETYPE", "Cooperlake");
        SetVariable("OPENBLAS_L2_SIZE", null);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string cached = Path.Combine(home, ".cache/pondus-peers/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0");
        string? named = Environment.GetEnvironmentVariable("PONDUS_OPENBLAS");
        if (!(named != null && NativeLibrary.TryLoad(named, out nint library))
            && !NativeLibrary.TryLoad(cached, out library)
            && !NativeLibrary.TryLoad("libopenblas.so.0", out library))
        {
            return null;
        }

        s_sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        s_setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        s_coreName = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_corename");
        return Marshal.PtrToStringUTF8((nint)s_coreName());
    }

    /// <summary>Sets how many threads a product uses.</summary>
    public static void SetThreads(int count) => s_setThreads(count);

    /// <summary>C = op(A) op(B) over dense row-major matrices.</summary>
    public static void Multiply(int m, int n, int k, float* a, bool transposeA, float* b, bool transposeB, float* c) =>
        s_sgemm(RowMajor, transposeA ? Transposed : AsStored, transposeB ? Transposed : AsStored, m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);

    // Environment.SetEnvironmentVariable does not reach native code on Unix.
    private static void SetVariable(string name, string? value)
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint libc))
        {
            return;
        }

        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'))
        {
            if (value == null)
            {
                _ = ((delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(libc, "unsetenv"))(n);
                return;
            }

            fixed (byte* v = Encoding.UTF8.GetBytes(value + '\0'))
            {
                _ = ((delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(libc, "setenv"))(n, v, 1);
            }
        }
    }
}
