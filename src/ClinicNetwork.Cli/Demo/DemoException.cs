namespace ClinicNetwork.Cli.Demo;

/// <summary>A step of the demo did not do what it promises.</summary>
internal sealed class DemoException(string message) : Exception(message);
