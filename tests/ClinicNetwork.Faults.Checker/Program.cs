using ClinicNetwork.Faults.Checker;
using ClinicNetwork.Faults.History;

const string Help = """
    Judges histories that the fault rig wrote: what was acknowledged, read, fed to sites and left behind.

    dotnet run -c Release --project tests/ClinicNetwork.Faults.Checker -- FILE...

    Exit codes: 0 every verdict passed, 1 a verdict is broken or proves nothing, 2 no file named, 3 a file cannot be read.
    """;

if (args.Any(a => a is "--help" or "-h"))
{
    Console.WriteLine(Help);
    return 0;
}

if (args.Length == 0)
{
    Console.Error.WriteLine(Help);
    return 2;
}

try
{
    CheckedRun[] runs = [.. args.Select(file => RunChecker.Check(HistoryFile.Read(file)))];
    Console.WriteLine(CheckReport.Of(runs));
    return runs.All(r => r.IsGood) ? 0 : 1;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 3;
}
