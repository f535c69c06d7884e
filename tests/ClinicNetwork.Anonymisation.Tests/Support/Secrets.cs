using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A release's secrets from a fixed master key, and one signing key for the whole run.</summary>
internal static class Secrets
{
    private static readonly ECDsa SigningKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ReleaseSecrets New(string master = "test") => new(name => SHA256.HashData(Encoding.UTF8.GetBytes($"{master}|{name}")), SigningKey);
}
