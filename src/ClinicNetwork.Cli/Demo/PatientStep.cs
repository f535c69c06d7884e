namespace ClinicNetwork.Cli.Demo;

/// <summary>One command of one patient.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Name">The command's name in care.v1.</param>
/// <param name="Send">Sends it.</param>
internal sealed record PatientStep(DateTimeOffset At, string Name, Func<CancellationToken, Task> Send);
