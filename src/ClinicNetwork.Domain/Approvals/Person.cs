namespace ClinicNetwork.Domain.Approvals;

/// <summary>Who proposes or decides, as the connection and the token tell.</summary>
/// <param name="Name">The journal's actor: a certificate's name, <c>{issuer}/{sub}</c> of a person's token, <c>clients/{id}</c> of a machine's.</param>
/// <param name="Connection">Name of the certificate that the call came over; without a token the same as <paramref name="Name"/>.</param>
[GenerateSerializer, Immutable, Alias("person")]
public sealed record Person([property: Id(0)] string Name, [property: Id(1)] string Connection)
{
    /// <summary>Begins the names of registered machines; no certificate's and no issuer's name begins so.</summary>
    public const string MachinePrefix = "clients/";

    /// <summary>Null: a person may act.</summary>
    public Refusal? RefuseMachine() => Name.StartsWith(MachinePrefix, StringComparison.Ordinal)
        ? Refusal.Denied("NOT_A_PERSON", "", "A registered machine neither proposes nor decides; let a person do it, with a certificate or a token of their own.")
        : null;

    /// <summary>
    /// False when both may be one human: the same name, whatever its certificates, roles and sites; or a certificate's holder and somebody who signed in
    /// over that very certificate.
    /// </summary>
    public bool IsOther(Person other) => Name != other.Name && Name != other.Connection && Connection != other.Name;
}
