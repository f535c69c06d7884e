using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>A good token before it is signed, so that a test can make one thing of it wrong.</summary>
internal sealed class Recipe(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
{
    public JsonObject Header { get; } = header;

    public JsonObject Claims { get; } = claims;

    public Func<byte[], byte[]> Sign { get; set; } = sign;

    /// <summary>What becomes of the claims' text before it is signed.</summary>
    public Func<string, string> Text { get; set; } = text => text;

    /// <summary>What becomes of the finished token.</summary>
    public Func<string, string> Finish { get; set; } = token => token;

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public string Make()
    {
        var content = Part(Header.ToJsonString()) + "." + Part(Text(Claims.ToJsonString()));
        return Finish(content + "." + Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(content))));
    }

    public static Func<byte[], byte[]> Es384(ECDsa key) => content => key.SignData(content, HashAlgorithmName.SHA384);

    public static Func<byte[], byte[]> Rs(RSA key, HashAlgorithmName hash) => content => key.SignData(content, hash, RSASignaturePadding.Pkcs1);

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
