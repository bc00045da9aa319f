using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Data;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Runs;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Trains as users do: by the trainer, with or without a run's folder being written, or by a loop of their own.</summary>
internal sealed class TrainingRun
{
    private const double WarmUpSeconds = 1.5;
    private readonly Workload _workload;
    private readonly Dataset _data;
    private readonly Layer _model;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;

    private TrainingRun(Workload workload)
    {
        _workload = workload;
        _data = workload.Load();
        _model = workload.Build();
        _loss = workload.MakeLoss();
        _optimizer = workload.MakeOptimizer(_model);
    }

    public static JsonObject Measure(Workload workload, bool byTrainer, bool monitor, double seconds)
    {
        TrainingRun run = new(workload);
        int unit = workload.StepsPerTime;
        using StepClock warmUp = StepClock.ForWarmUp(unit, WarmUpSeconds);
        run.Train(byTrainer, int.MaxValue, [warmUp], warmUp);
        OperationProfile.Clear();
        int count = Math.Max(5, (int)(seconds / warmUp.TypicalSeconds()));
        using StepClock clock = StepClock.ForCount(unit, count);
        ProcessCounters counters = new();
        if (byTrainer && monitor)
        {
            // What a run's folder gets by default: a log for TensorBoard, and checkpoints every five seconds and at the end.
            DirectoryInfo folder = Directory.CreateTempSubdirectory("pondus-bench-");
            using (RunRecorder recorder = new(new RunFolder(folder.FullName), TimeProvider.System, logs: true, everySteps: null, everyEpochs: null))
            {
                run.Train(byTrainer, (long)count * unit, [recorder, clock], clock);
            }

            folder.Delete(recursive: true);
        }
        else
        {
            run.Train(byTrainer, (long)count * unit, [clock], clock);
        }

        JsonObject result = new()
        {
            ["path"] = byTrainer ? "trainer" : "loop",
            ["monitor"] = byTrainer && monitor ? "default" : "off",
            ["other_cores"] = counters.OtherCores(),
        };
        clock.Report(result);
        if (OperationProfile.IsOn)
        {
            Console.Error.WriteLine(OperationProfile.Report(count * unit));
        }

        if (workload.LoadTest is { } loadTest)
        {
            result["test_accuracy"] = new Evaluator(run._model, run._loss, [new Accuracy()], loadTest()).Run().Metrics["accuracy"];
        }

        return result;
    }

    private void Train(bool byTrainer, long steps, ITrainingObserver[] observers, StepClock clock)
    {
        if (byTrainer)
        {
            TrainerOptions options = new() { BatchSize = _workload.BatchSize, Steps = steps };
            new Trainer(_model, _loss, _optimizer, options).Fit(_data, observers: observers, cancellationToken: clock.Stop);
        }
        else
        {
            Loop(clock);
        }
    }

    private void Loop(StepClock clock)
    {
        BatchLoader loader = new(_data, _workload.BatchSize, new RandomSource(1).Stream("shuffle"));
        clock.Begin();
        while (!clock.Stop.IsCancellationRequested)
        {
            foreach (Batch batch in loader)
            {
                Tensor prediction = _model.Forward(batch.Inputs);
                Tensor loss = _loss.Forward(prediction, batch.HasLabels ? new Targets(batch.Labels) : batch.Targets);
                loss.Backward();
                _optimizer.Step();
                clock.EndStep(loss.Item());
                if (clock.Stop.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        Step.End();
    }
}
