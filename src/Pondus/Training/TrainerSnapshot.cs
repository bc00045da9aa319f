namespace Pondus.Training;

/// <summary>A trainer's weights and optimizer in memory, to be put back after an experiment on them.</summary>
internal sealed class TrainerSnapshot
{
    private readonly List<(Parameter Parameter, float[] Values)> _weights = [];
    private readonly List<(Parameter Parameter, int Slot, float[] Values)> _slots = [];
    private readonly List<(Parameter Parameter, long Steps)> _steps = [];
    private readonly List<double[]> _sums = [];
    private readonly IReadOnlyList<double> _numbers;
    private readonly long _stepNumber;
    private readonly float _learningRate;
    private readonly float? _momentum;

    private TrainerSnapshot(Trainer trainer)
    {
        foreach ((string _, Parameter parameter) in trainer.Model.NamedParameters().Concat(trainer.Model.NamedBuffers()))
        {
            _weights.Add((parameter, parameter.ToArray()));
        }

        foreach (Parameter parameter in trainer.Optimizer.Parameters)
        {
            _steps.Add((parameter, trainer.Optimizer.StepsOf(parameter)));
            for (int slot = 0; slot < trainer.Optimizer.SlotNames.Count; slot++)
            {
                _slots.Add((parameter, slot, trainer.Optimizer.State(slot, parameter).ToArray()));
            }
        }

        _sums.AddRange(trainer.Metrics.Select(static metric => metric.Sums.ToArray()));
        _numbers = trainer.Optimizer.Numbers;
        _stepNumber = trainer.Optimizer.StepNumber;
        _learningRate = trainer.Optimizer.LearningRate;
        _momentum = trainer.Optimizer.Momentum;
    }

    public static TrainerSnapshot Of(Trainer trainer) => new(trainer);

    public void Restore(Trainer trainer)
    {
        foreach ((Parameter parameter, float[] values) in _weights)
        {
            parameter.Set(values);
            parameter.ZeroGradient();
        }

        foreach ((Parameter parameter, int slot, float[] values) in _slots)
        {
            values.CopyTo(trainer.Optimizer.State(slot, parameter));
        }

        trainer.Optimizer.Restore(_stepNumber);
        trainer.Optimizer.Numbers = _numbers;
        trainer.Optimizer.LearningRate = _learningRate;
        trainer.Optimizer.Momentum = _momentum;
        foreach ((Parameter parameter, long steps) in _steps)
        {
            trainer.Optimizer.RestoreSteps(parameter, steps);
        }

        for (int i = 0; i < _sums.Count; i++)
        {
            _sums[i].CopyTo(trainer.Metrics[i].Sums);
        }
    }
}
