namespace Pondus.Experiments.Settings;

/// <summary>The kinds that sections are made of.</summary>
internal static class Kinds
{
    public static Kind<bool> Flag { get; } = new FlagKind();

    public static Kind<double> AnyNumber { get; } = new NumberKind(double.NegativeInfinity, double.PositiveInfinity, openMinimum: false, openMaximum: false);

    public static Kind<double> Positive { get; } = new NumberKind(0, double.PositiveInfinity, openMinimum: true, openMaximum: false);

    public static Kind<double> NotNegative { get; } = new NumberKind(0, double.PositiveInfinity, openMinimum: false, openMaximum: false);

    /// <summary>Gets numbers in [0, 1).</summary>
    public static Kind<double> Share { get; } = new NumberKind(0, 1, openMinimum: false, openMaximum: true);

    /// <summary>Gets numbers in (0, 1].</summary>
    public static Kind<double> Factor { get; } = new NumberKind(0, 1, openMinimum: true, openMaximum: false);

    /// <summary>Numbers in [minimum, maximum].</summary>
    public static Kind<double> Between(double minimum, double maximum) => new NumberKind(minimum, maximum, openMinimum: false, openMaximum: false);

    public static Kind<string> Text(string expected) => new TextKind(expected, isPath: false);

    public static Kind<string> Path(string expected) => new TextKind(expected, isPath: true);

    public static Kind<long> Long(long minimum) => new IntegerKind(minimum, long.MaxValue);

    public static Kind<int> Integer(int minimum, int maximum = int.MaxValue) =>
        new ConvertedKind<long, int>(new IntegerKind(minimum, maximum), v => (int)v, v => v);

    public static Kind<string> Name(params IReadOnlyList<string> names) => new NameKind(names);

    /// <summary>Names of an enumeration, in camelCase.</summary>
    public static Kind<T> Choice<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        string[] names = [.. Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..])];
        return new ConvertedKind<string, T>(new NameKind(names), n => values[Array.IndexOf(names, n)], v => names[Array.IndexOf(values, v)]);
    }

    public static Kind<IReadOnlyList<T>> List<T>(Kind<T> item, int minimumCount = 0) => new ListKind<T>(item, minimumCount);

    public static Kind<T?> OptionalValue<T>(Kind<T> inner)
        where T : struct => new OptionalValueKind<T>(inner);

    public static Kind<T?> Optional<T>(Kind<T> inner)
        where T : class => new OptionalKind<T>(inner);
}
