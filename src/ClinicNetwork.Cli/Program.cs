using ClinicNetwork.Cli;
using ClinicNetwork.Cli.Output;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
