namespace Pondus.Tests.Conformance;

/// <summary>A sample uses an option that Pondus does not have; the message names the option and goes into the table.</summary>
public sealed class UnsupportedSampleException(string message) : Exception(message);
