using ClinicNetwork.Cli.Commands.My;
using ClinicNetwork.Cli.Commands.Patients;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands;

/// <summary>For the patient, with a certificate that names it.</summary>
internal static class MyCommands
{
    internal static CliCommand Build() => new CliCommand(
        "my", "What a patient says between visits, with the patient's own certificate.", "my journal add --text \"slept through\" --mood 6", "my journal list").With(
        new CliCommand("journal", "The patient's journal.").With(WriteJournalEntry.Build(), ListJournal.Build()),
        SetOwnGoals.Build(),
        RecordScale.Build(Patient()),
        new CliCommand("diary", "Side effects between sessions.").With(RecordDiaryEffect.Build(), ResolveDiaryEffect.Build()),
        SetSupportContacts.Build(),
        ExplainVisit.Build());

    internal static System.CommandLine.Option<string?> Patient() => Given.Option(
        "--patient", "patients/{patient}, for a clinic that was told; without it the patient that the certificate names", "PATIENT", Parse.Patient)!;
}
