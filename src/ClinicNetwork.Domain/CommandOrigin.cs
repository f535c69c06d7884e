namespace ClinicNetwork.Domain;

/// <summary>Where a command comes from; made by the gateway from the connection, never from a message.</summary>
/// <param name="RequestId">Chosen by the caller before the first attempt, 8 to 64 of A-Z, a-z, 0-9 and dash.</param>
/// <param name="PayloadHash">SHA-256 over rpc name and message, 32 bytes; tells a retry from a reused id.</param>
/// <param name="Actor">Who, for example <c>local</c> or <c>due-loop</c>.</param>
/// <param name="Site">The clinic that acts, or none for the network itself.</param>
[GenerateSerializer, Immutable, Alias("command-origin")]
public sealed record CommandOrigin(
    [property: Id(0)] string RequestId,
    [property: Id(1)] byte[] PayloadHash,
    [property: Id(2)] string Actor,
    [property: Id(3)] Identity.ClinicId? Site);
