using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class SetSupportContacts
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var contacts = Given.Many(
            "--contact", "NAME;RELATION;PHONE, with ;agreed when this person agreed to be called, and ;agreed;emergency to be called in an emergency; at most 5, which replace those before",
            "CONTACT", Contact);
        var mutation = new Mutation();
        return new CliCommand("contacts", "Name who stands by the patient.", "my contacts --contact \"Sam Rivera;brother;+49 40 123456;agreed;emergency\"")
            .With(patient, contacts)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Voice.SetSupportContactsAsync(
                        new() { RequestId = id, Patient = run.Me(patient), Contacts = { run.Of(contacts) }, OccurredAt = at }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Count(run.Of(contacts).Length, "contact")}: ");
                });
            });
    }

    private static SupportContact? Contact(string text) => text.Split(';') is [var name, var relation, var phone, .. var more] && more is [] or ["agreed"] or ["agreed", "emergency"]
        ? new SupportContact { Name = name, Relation = relation, Phone = phone, Agreed = more.Length > 0, InEmergency = more.Length > 1 }
        : null;
}
