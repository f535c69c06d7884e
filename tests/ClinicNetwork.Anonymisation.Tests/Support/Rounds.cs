using System.Globalization;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>Cases of a random test; <c>CLINICNETWORK_TEST_ROUNDS</c>, 1 to 1,000, multiplies them.</summary>
internal static class Rounds
{
    internal static int Of(int usual) =>
        usual * (int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Clamp(times, 1, 1_000) : 1);
}
