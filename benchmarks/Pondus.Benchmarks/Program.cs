return Pondus.Benchmarks.Smoke.Run(args);
