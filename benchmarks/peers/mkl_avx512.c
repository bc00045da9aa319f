/* MKL takes its AVX-512 kernels only where this says that the processor is Intel's; elsewhere AVX2, at half the speed. Preloaded. */
int mkl_serv_intel_cpu_true(void) { return 1; }
