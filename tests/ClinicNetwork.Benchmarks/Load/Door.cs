using ClinicNetwork.Client;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>Where calls go, and with which certificate.</summary>
internal sealed record Door(Uri Address, ClientIdentity Identity);
