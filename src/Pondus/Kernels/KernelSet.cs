using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>The families of vector instructions that kernels are written for.</summary>
internal enum KernelFamily
{
    /// <summary>128-bit vectors or scalars; runs everywhere.</summary>
    Portable,

    /// <summary>AVX2 with FMA, 256-bit vectors.</summary>
    Avx2,

    /// <summary>AVX-512 F, BW, DQ and VL, 512-bit vectors.</summary>
    Avx512,
}

/// <summary>Says which kernels this process runs; every property is a constant to the JIT.</summary>
internal static class KernelSet
{
    /// <summary>The best family that the processor has and the runtime may use.</summary>
    public static KernelFamily Active => HasAvx512 ? KernelFamily.Avx512 : HasAvx2 ? KernelFamily.Avx2 : KernelFamily.Portable;

    /// <summary>Whether the AVX-512 kernels run.</summary>
    public static bool HasAvx512 => Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Vector512.IsHardwareAccelerated;

    /// <summary>Whether 256-bit kernels may run; true with AVX-512 too.</summary>
    public static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;
}
