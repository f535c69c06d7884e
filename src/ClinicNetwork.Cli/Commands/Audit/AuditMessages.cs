using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Verification.Audit;

namespace ClinicNetwork.Cli.Commands.Audit;

/// <summary>The network's messages as the verifier takes them; it knows no messages. Tests that verify compile this file too.</summary>
internal static class AuditMessages
{
    internal static AuditHead Of(Head head) => new(head.Number, head.Note.ToByteArray(), head.Signature.ToByteArray());

    internal static PlacedLeaf Of(PlacedEntry placed) => new(placed.Position, placed.Leaf.Memory, placed.Entry is not { } entry ? null : new AuditedEntry(
        entry.Time.Seconds * 1_000 + entry.Time.Nanos / 1_000_000, entry.Action, entry.Actor, entry.Site, entry.Subject, entry.Version, entry.Purpose, entry.Outcome,
        entry.Count, entry.Content.Memory));
}
