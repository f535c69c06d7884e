using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ClinicNetwork.Domain.Identity;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>What the register says of a machine that may ask for tokens.</summary>
/// <param name="Sites">None: the whole network.</param>
/// <param name="Keys">A JWKS, or the https URL of one.</param>
/// <param name="Partner">The partner whose machine it is; null: no partner's. Such a one is a registry and has no sites.</param>
public sealed record ClientRegistration(string Id, Roles Roles, IReadOnlyList<ClinicId> Sites, string Keys, PartnerId? Partner = null)
{
    public bool Equals(ClientRegistration? other) =>
        other is not null && (Id, Roles, Keys, Partner) == (other.Id, other.Roles, other.Keys, other.Partner) && Sites.SequenceEqual(other.Sites);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}

/// <summary>The register of machines as this gateway knows it now. Whoever reads the file replaces it.</summary>
public sealed class RegisteredClients
{
    private readonly TimeProvider _time;
    private readonly KeyFetching _fetching;
    private volatile FrozenDictionary<string, RegisteredClient> _clients = FrozenDictionary<string, RegisteredClient>.Empty;

    internal RegisteredClients(KeyFetching fetching, TimeProvider time) => (_fetching, _time) = (fetching, time);

    /// <summary>A registration that is as it was keeps what was made of it: tokens, and keys that were fetched.</summary>
    public void Replace(IEnumerable<ClientRegistration> registrations)
    {
        var before = _clients;
        _clients = registrations.ToFrozenDictionary(
            one => one.Id,
            one => before.TryGetValue(one.Id, out var client) && client.Registration == one ? client : new RegisteredClient(one, _fetching, _time),
            StringComparer.Ordinal);
    }

    internal bool TryFind(string id, [NotNullWhen(true)] out RegisteredClient? client) => _clients.TryGetValue(id, out client);

    /// <summary>False: it was removed, or registered anew with other roles, sites or keys.</summary>
    internal bool IsStill(RegisteredClient client) => TryFind(client.Registration.Id, out var now) && ReferenceEquals(now, client);
}

/// <summary>A machine that may ask for tokens, and its keys.</summary>
internal sealed class RegisteredClient
{
    private readonly VerifyingKeys? _given;
    private readonly Refreshed<VerifyingKeys>? _fetched;

    public RegisteredClient(ClientRegistration registration, KeyFetching fetching, TimeProvider time)
    {
        Registration = registration;
        Scope = registration.Partner is { } partner ? Scope.Of(partner, registration.Roles) : new(registration.Roles, registration.Sites.ToHashSet(), registration.Sites.Count == 0);
        if (registration.Keys.StartsWith("https://", StringComparison.Ordinal))
        {
            _fetched = new(() => fetching.KeysAsync(registration.Keys), time);
        }
        else
        {
            _given = VerifyingKeys.Read(registration.Keys);
        }
    }

    public ClientRegistration Registration { get; }

    public Scope Scope { get; }

    /// <summary>Null: no such key.</summary>
    public async Task<SecurityKey?> FindKeyAsync(string keyId, string algorithm, CancellationToken cancellationToken) =>
        _fetched is null ? _given?.Find(keyId, algorithm) : await _fetched.FindAsync(keys => keys.Find(keyId, algorithm), cancellationToken);
}
