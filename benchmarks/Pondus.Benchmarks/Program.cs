using Pondus.Benchmarks.Child;
using Pondus.Benchmarks.Report;

return args is ["--child", ..] ? ChildProcess.Run(args) : Benchmark.Run(args);
