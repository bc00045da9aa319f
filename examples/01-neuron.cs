#:project ../src/Pondus/Pondus.csproj

// One neuron, then three of them as a network. Run it with: dotnet run examples/01-neuron.cs
using Pondus.Layers;

// A neuron multiplies each input by a weight, adds everything up, and adds a bias.
Neuron neuron = new(weights: [0.7, 0.3], bias: 1);
NeuronAnswer answer = neuron.Evaluate([5, 2]);
Console.WriteLine($"5 x 0.7 + 2 x 0.3 + 1 = {answer.Output}");
Console.WriteLine($"The first input adds {answer.Contributions[0]}, the second {answer.Contributions[1]}.");

// With a step as activation the neuron decides: it answers 1 when its sum is above 0. The weights are the same in
// both neurons here; the bias alone says whether one input is enough (or) or both are needed (and).
Neuron or = new(weights: [1, 1], bias: -0.5, activation: "Step");
Neuron and = new(weights: [1, 1], bias: -1.5, activation: "Step");

// "Either, but not both" cannot be had from one neuron, because no straight line parts its yes from its no.
// A second layer can: it looks at the answers of the first, "or" speaking for it and "and" against it.
Neuron either = new(weights: [1, -1], bias: -0.5, activation: "Step");

Console.WriteLine("a b | or and either");
bool correct = Math.Abs(answer.Output - 5.1) < 1e-12;
foreach ((int a, int b) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
{
    double one = or.Evaluate([a, b]).Output, both = and.Evaluate([a, b]).Output;
    double exclusive = either.Evaluate([one, both]).Output;
    Console.WriteLine($"{a} {b} |  {one}   {both}      {exclusive}");
    correct &= one == (a | b) && both == (a & b) && exclusive == (a ^ b);
}

// Here a person chose the weights. In the next example the network finds them.
if (!correct)
{
    Console.Error.WriteLine("01-neuron: expected 5.1 and the tables of or, and, exclusive or; got what is printed above.");
    return 1;
}

return 0;
