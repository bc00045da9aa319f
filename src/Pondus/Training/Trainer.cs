using System.Diagnostics;
using Pondus.Data;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;

namespace Pondus.Training;

/// <summary>Trains a network: forward, loss, backward, update, over batches and epochs, until it is told to stop or nothing improves.</summary>
/// <remarks>
/// <para>Bits: the same network, data, settings and seed give the same weights for any number of threads, and after an interruption continued from <see cref="TrainingState"/>.</para>
/// <para>Memory: a steady step allocates nothing.</para>
/// </remarks>
/// <example><code source="examples/03-trainer"/></example>
public sealed class Trainer
{
    private readonly TrainerOptions _options;
    private readonly WeightPenalty? _penalty;
    private readonly float _learningRate;
    private readonly WeightAverager? _averager;
    private readonly PassContext _pass;
    private ITrainingObserver[] _observers = [];

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">The network.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">What moves the network's parameters.</param>
    /// <param name="options">Settings; null takes the defaults.</param>
    /// <param name="metrics">What else to measure, such as <see cref="Accuracy"/>.</param>
    public Trainer(Layer model, Loss loss, Optimizer optimizer, TrainerOptions? options = null, params ReadOnlySpan<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        _options = options ?? new TrainerOptions();
        TrainerChecks.Check(_options);
        Model = model;
        Loss = loss;
        Optimizer = optimizer;
        Metrics = metrics.ToArray();
        Progress = new TrainingProgress();
        _learningRate = optimizer.LearningRate;
        _penalty = _options.L1 > 0f || _options.L2 > 0f ? new WeightPenalty(_options.L1, _options.L2) : null;
        _averager = _options.Averaging is null ? null : new WeightAverager(this, _options.Averaging);
        if (_options.Schedule is { } schedule)
        {
            schedule.State = [];
        }

        if (optimizer.Reevaluates && (_options.Accumulation > 1 || _options.GradientClipNorm is not null || _options.GradientClipValue is not null))
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"Trainer: expected neither Accumulation nor gradient clipping with {optimizer.GetType().Name}, which evaluates a batch several times for a step, got one of them.");
        }

        _pass = new PassContext(IsTraining: true, new RandomSource(_options.Seed).Stream("pass"));
    }

    /// <summary>Gets the network.</summary>
    public Layer Model { get; }

    /// <summary>Gets what is made small.</summary>
    public Loss Loss { get; }

    /// <summary>Gets what moves the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Gets what else is measured.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Gets the settings.</summary>
    public TrainerOptions Options => _options;

    /// <summary>Gets where training stands; part of <see cref="TrainingState"/>.</summary>
    public TrainingProgress Progress { get; internal set; }

    /// <summary>Gets the number of steps of an epoch, known once training has started.</summary>
    public int StepsPerEpoch { get; private set; }

    /// <summary>Gets the number of steps planned, known once training has started.</summary>
    public long PlannedSteps { get; private set; }

    /// <summary>Trains, or continues where <see cref="Progress"/> stands.</summary>
    /// <param name="training">The samples to learn from.</param>
    /// <param name="validation">Samples that decide which weights are best and when to stop, or null.</param>
    /// <param name="observers">Watchers, or null.</param>
    /// <param name="progress">Told about each epoch, or null.</param>
    /// <param name="cancellationToken">Interrupts after the current step; training can be continued.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Progress"/> stands where these samples and this batch size have no step.</exception>
    public TrainingResult Fit(Dataset training, Dataset? validation = null, IReadOnlyList<ITrainingObserver>? observers = null, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (_options.EarlyStopping is not null && validation is null)
        {
            throw new ArgumentException("Trainer: expected a validation set for EarlyStopping, got none. Give one, or use Settling.", nameof(validation));
        }

        long begin = Stopwatch.GetTimestamp();
        _observers = [.. observers ?? []];
        BatchLoader loader = new(training, _options.BatchSize, new RandomSource(_options.Seed).Stream("shuffle"), _options.Shuffle, augmenter: _options.Augmenter);
        Evaluator? evaluator = validation is null ? null : new Evaluator(Model, Loss, Metrics, validation);
        StepsPerEpoch = (int)(((long)loader.BatchCount + _options.Accumulation - 1) / _options.Accumulation);
        PlannedSteps = _options.Steps ?? (long)_options.Epochs * StepsPerEpoch;
        if (Progress.Position > StepsPerEpoch)
        {
            throw new InvalidOperationException($"Trainer: expected to continue within an epoch of {StepsPerEpoch} steps, got step {Progress.Position}. The samples or the batch size are not those of the checkpoint.");
        }

        // A state that was taken right after an epoch's last step has that epoch's end still to come.
        bool atEnd = Progress.Position == StepsPerEpoch;
        loader.Seek(atEnd ? Progress.Epoch + 1 : Progress.Epoch, atEnd ? 0 : Progress.Position * _options.Accumulation);
        Progress.StartSettling(this);
        _averager?.Prepare();
        foreach (ITrainingObserver observer in _observers)
        {
            observer.OnStarted(this);
        }

        TrainingStatus status;
        try
        {
            status = Loop(loader, evaluator, progress, cancellationToken);
        }
        finally
        {
            Step.End();
        }

        foreach (ITrainingObserver observer in _observers)
        {
            observer.OnEnded(this, status);
        }

        if (_options.RestoreBest && Progress.Best.Count > 0 && status != TrainingStatus.Interrupted)
        {
            Progress.RestoreBest(Model);
        }
        else if (status != TrainingStatus.Interrupted)
        {
            _averager?.Apply(training);
        }

        return new TrainingResult(status, Progress.Epoch, Progress.Step, Stopwatch.GetElapsedTime(begin), Progress.LastLoss, Progress.LastMetrics, Progress.BestValidation, Progress.BestEpoch);
    }

    internal static Targets TargetsOf(Batch batch) => batch.HasTargets ? new Targets(batch.Targets) : new Targets(batch.Labels);

    private TrainingStatus Loop(BatchLoader loader, Evaluator? evaluator, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        if (Progress.Position == StepsPerEpoch)
        {
            EndEpoch(loader.Data, evaluator, progress);
        }

        while (Progress.Step < PlannedSteps && Progress.StopReason is null)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return TrainingStatus.Interrupted;
            }

            TakeStep(loader);
            if (Progress.Position == StepsPerEpoch)
            {
                Step.End();
                EndEpoch(loader.Data, evaluator, progress);
            }
        }

        if (Progress.StopReason is null && Progress.Position > 0)
        {
            // The plan ends within an epoch: what it learned counts too.
            Step.End();
            EndEpoch(loader.Data, evaluator, progress);
        }

        return Progress.StopReason ?? TrainingStatus.Completed;
    }

    private void TakeStep(BatchLoader loader)
    {
        TrainingProgress at = Progress;
        if (_options.Schedule is { } schedule)
        {
            Optimizer.LearningRate = (float)(_learningRate * schedule.Factor(at.Step));
            Optimizer.Momentum = (float?)schedule.Momentum(at.Step);
        }

        double norm = double.NaN;
        float value;
        if (Optimizer.Reevaluates)
        {
            value = Reevaluate(loader.Next());
        }
        else
        {
            value = Accumulate(loader);
            norm = Clip();
            Optimizer.Step();
        }

        if (_options.MaximumNorm is { } largest)
        {
            WeightConstraint.MaximumNorm(Optimizer.Parameters, largest);
        }

        _averager?.AfterStep();
        StepReport report = new(at.Step, at.Epoch, value, Optimizer.LearningRate, norm);
        at.Step++;
        at.Position++;
        foreach (ITrainingObserver observer in _observers)
        {
            observer.OnStep(this, report);
        }
    }

    /// <summary>Adds the gradients of the step's batches, each by its share of the samples.</summary>
    /// <returns>The mean loss over the samples.</returns>
    private float Accumulate(BatchLoader loader)
    {
        int k = _options.Accumulation, first = Progress.Position * k, batches = Math.Min(k, loader.BatchCount - first);
        if (batches == 1)
        {
            return Compute(loader.Next(), Progress.Step * k, 1f, counts: true).Loss;
        }

        long samples = Math.Min((long)batches * loader.BatchSize, loader.Data.Count - ((long)first * loader.BatchSize));
        double sum = 0;
        for (int i = 0; i < batches; i++)
        {
            Batch batch = loader.Next();
            sum += (double)Compute(batch, (Progress.Step * k) + i, (float)batch.Count / samples, counts: true).Loss * batch.Count;
        }

        return (float)(sum / samples);
    }

    /// <summary>Takes a step of an optimizer that wants loss and gradients at several places.</summary>
    /// <returns>The loss before the step.</returns>
    private float Reevaluate(Batch batch)
    {
        float? before = null;
        Optimizer.Step(() =>
        {
            (float loss, float whole) = Compute(batch, Progress.Step, 1f, counts: before is null);
            before ??= loss;
            return whole;
        });
        return before ?? float.NaN;
    }

    private (float Loss, float Whole) Compute(Batch batch, long key, float share, bool counts)
    {
        TrainingProgress at = Progress;
        _pass.StepNumber = key;
        Step.Begin(_pass);
        Tensor prediction = Model.Forward(batch.Inputs);
        Tensor loss = Loss.Forward(prediction, TargetsOf(batch));
        Tensor total = _penalty is null ? loss : _penalty.AddTo(loss, Optimizer.Parameters);
        float value = loss.Item(), whole = total.Item();
        if (!float.IsFinite(whole))
        {
            throw new NonFiniteException($"{Loss} at step {at.Step} (epoch {at.Epoch + 1}): expected a finite loss, got {whole}. Lower the learning rate, clip gradients, or look for NaN in the data.");
        }

        (share == 1f ? total : share * total).Backward();
        if (counts)
        {
            for (int i = 0; i < Metrics.Count; i++)
            {
                Metrics[i].Add(prediction, batch.Labels.Span, batch.HasLabels ? default : batch.Targets);
            }

            at.LossSum += (double)value * batch.Count;
            at.SampleCount += batch.Count;
        }

        return (value, whole);
    }

    /// <summary>Clips the gradients and gives their norm before, NaN when it was not needed.</summary>
    private double Clip()
    {
        double norm = _options.GradientClipNorm is { } bound ? GradientClipping.ByNorm(Optimizer.Parameters, bound) : double.NaN;
        if (_options.GradientClipValue is { } limit)
        {
            GradientClipping.ByValue(Optimizer.Parameters, limit);
        }

        return norm;
    }

    private void EndEpoch(Dataset training, Evaluator? evaluator, IProgress<EpochReport>? progress)
    {
        TrainingProgress at = Progress;
        at.LastLoss = at.LossSum / at.SampleCount;
        at.LastMetrics = Metrics.ToDictionary(static m => m.Name, static m => m.Value, StringComparer.Ordinal);
        at.LossSum = 0;
        at.SampleCount = 0;
        at.Position = 0;
        at.Epoch++;
        _averager?.AfterEpoch();
        (EvaluationResult? validation, bool best) = evaluator is null ? (null, false) : Judge(training, evaluator);
        foreach (Metric metric in Metrics)
        {
            metric.Reset();
        }

        _options.Schedule?.Report(validation?.Loss ?? at.LastLoss);
        at.JudgeSettling(this);
        EpochReport report = new(at.Epoch, _options.Steps is null ? _options.Epochs : (PlannedSteps + StepsPerEpoch - 1) / StepsPerEpoch, at.Step, PlannedSteps, at.LastLoss, at.LastMetrics, validation, best);
        foreach (ITrainingObserver observer in _observers)
        {
            observer.OnEpoch(this, report);
        }

        progress?.Report(report);
    }

    /// <summary>Evaluates the network, or the mean of its weights where one is kept.</summary>
    private (EvaluationResult Validation, bool IsBest) Judge(Dataset training, Evaluator evaluator)
    {
        _averager?.Exchange();
        try
        {
            _averager?.Reestimate(training);
            EvaluationResult validation = evaluator.Run();
            return (validation, Progress.JudgeValidation(Model, validation, _options.EarlyStopping));
        }
        finally
        {
            _averager?.Exchange();
        }
    }
}
