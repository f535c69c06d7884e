using System.Reflection;

namespace ClinicNetwork.Server;

internal static class Product
{
    /// <summary>SemVer without build metadata.</summary>
    public static readonly string Version =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
