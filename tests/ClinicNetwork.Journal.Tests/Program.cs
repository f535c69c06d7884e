using ClinicNetwork.Journal.Tests.Sqlite;

// Started by the crash tests as a process of its own; the test runner never comes here.
return args is ["crash-writer", var folder] ? await CrashWriter.RunAsync(folder) : 2;
