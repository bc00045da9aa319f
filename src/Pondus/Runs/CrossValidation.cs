using Pondus.Data;
using Pondus.Experiments;
using Pondus.Training;

namespace Pondus.Runs;

/// <summary>Measures an experiment on folds: each part of the data is tested by a network that has not seen it.</summary>
/// <remarks>The network that is kept is trained on all samples afterwards, from the same start. A cross-validation is not resumed; it begins anew.</remarks>
internal static class CrossValidation
{
    public static RunRecord Run(Experiment experiment, Layer model, RunFolder folder, RunRecord record, int foldCount, TimeProvider time, IProgress<EpochReport>? progress, IReadOnlyList<ITrainingObserver>? observers, CancellationToken cancellationToken)
    {
        (Dataset all, Dataset? own, _) = DataSources.Load(experiment);
        if (own is not null)
        {
            throw new ExperimentException("data.split.folds", "data without a test part of their own", "a test part");
        }

        if (foldCount > all.Count)
        {
            throw new ExperimentException("data.split.folds", $"at most {all.Count}, the number of samples", $"{foldCount}");
        }

        folder.DeleteLogs();

        List<Dictionary<string, double>> results = [];
        RandomSource random = new RandomSource(experiment.Seed).Stream("split");
        for (int repeat = 0; repeat < experiment.Data.Split.Repeats; repeat++)
        {
            foreach ((int[] train, int[] test) in Split.Folds(all.Count, foldCount, random.Stream(repeat), experiment.Data.Split.Stratify ? all.Labels : null))
            {
                // A start of its own for every fold: the spread then shows that of the starts too.
                Experiment seeded = experiment with { Seed = experiment.Seed + (ulong)results.Count };
                ExperimentData part = ExperimentData.Make(all.Take(train), null, all.Take(test), experiment.Data.Standardize);
                Layer network = NetworkBuilder.Build(seeded, part.Training.InputShape, ModelCard.OutputsOf(part.Training));
                Trainer trainer = TrainerBuilder.Build(seeded, network, part.Training.Count, part.Standardizer);
                TrainingResult result = trainer.Fit(part.Training, null, observers, progress, cancellationToken);
                if (result.Status == TrainingStatus.Interrupted)
                {
                    return record with { State = RunRecord.Interrupted, Results = new RunResults { Folds = results.Count } };
                }

                EvaluationResult measured = new Evaluator(network, trainer.Loss, trainer.Metrics, part.Test!).Run();
                results.Add(ExperimentRunner.Values(measured.Loss, measured.Metrics));
            }
        }

        ExperimentData whole = ExperimentData.Make(all, null, null, experiment.Data.Standardize);
        Trainer last = TrainerBuilder.Build(experiment, model, all.Count, whole.Standardizer);
        using RunRecorder recorder = new(folder, time, experiment.Monitor.Level != MonitorLevel.Off, everySteps: null, everyEpochs: null);
        TrainingResult final = last.Fit(whole.Training, null, [recorder, .. observers ?? []], progress, cancellationToken);
        Dictionary<string, double> mean = results[0].Keys.ToDictionary(static k => k, k => results.Average(r => r[k]), StringComparer.Ordinal);
        return record with
        {
            State = ExperimentRunner.NameOf(final.Status),
            Results = new RunResults
            {
                Epochs = final.Epochs,
                Steps = final.Steps,
                Train = ExperimentRunner.Values(final.Loss, final.Metrics),
                Test = mean,
                TestDeviation = mean.Keys.ToDictionary(static k => k, k => Math.Sqrt(results.Average(r => (r[k] - mean[k]) * (r[k] - mean[k]))), StringComparer.Ordinal),
                Folds = results.Count,
                Sha256 = ModuleWeights.Digest(model),
                FinalSha256 = recorder.FinalSha256,
            },
        };
    }
}
