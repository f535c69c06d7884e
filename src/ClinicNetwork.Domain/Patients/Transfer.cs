using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Where an offer stands. One whose time is over stays as it was offered, and is open no more.</summary>
[GenerateSerializer, Alias("transfer-status")]
public enum TransferStatus
{
    Offered = 1,
    Withdrawn = 2,
    Accepted = 3,
    Declined = 4,
}

/// <summary>The home clinic offers a patient's care to another clinic, which accepts or declines.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="From">Home clinic of then.</param>
/// <param name="To">The receiving clinic.</param>
/// <param name="Reason">1 to 500 characters; the receiving clinic reads it.</param>
/// <param name="Keeps">What <paramref name="From"/> may do once it is accepted; null: nothing.</param>
/// <param name="OfferedBy">Who offered it.</param>
/// <param name="OfferedAt">By the store's clock.</param>
/// <param name="ExpiresAt">By the store's clock; from then on nobody accepts it.</param>
[GenerateSerializer, Immutable, Alias("transfer")]
public sealed record Transfer(
    [property: Id(0)] int Number,
    [property: Id(1)] ClinicId From,
    [property: Id(2)] ClinicId To,
    [property: Id(3)] string Reason,
    [property: Id(4)] SiteAccess? Keeps,
    [property: Id(5)] string OfferedBy,
    [property: Id(6)] DateTimeOffset OfferedAt,
    [property: Id(7)] DateTimeOffset ExpiresAt)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Transfer);

    [Id(8)] public TransferStatus Status { get; init; } = TransferStatus.Offered;

    /// <summary>When it was withdrawn, accepted or declined, by the store's clock; null: it was not.</summary>
    [Id(9)] public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who withdrew, accepted or declined it; empty: nobody.</summary>
    [Id(10)] public string ClosedBy { get; init; } = "";

    /// <summary>Why it was declined; empty when it was not.</summary>
    [Id(11)] public string Finding { get; init; } = "";

    public bool IsOpen(DateTimeOffset now) => Status == TransferStatus.Offered && now < ExpiresAt;
}

/// <summary>A home clinic before the present one: clinical days before <paramref name="Until"/> are days of its time zone.</summary>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="RecordNumber">Under which it has the patient.</param>
/// <param name="Until">When the next clinic accepted the patient, by the store's clock.</param>
[GenerateSerializer, Immutable, Alias("earlier-home")]
public sealed record EarlierHome(
    [property: Id(0)] ClinicId Clinic, [property: Id(1)] string TimeZone, [property: Id(2)] string RecordNumber, [property: Id(3)] DateTimeOffset Until)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(EarlierHome);
}

[GenerateSerializer, Immutable, Alias("transfer-offered")]
public sealed record TransferOffered([property: Id(0)] Transfer Transfer) : IEvent;

[GenerateSerializer, Immutable, Alias("transfer-withdrawn")]
public sealed record TransferWithdrawn([property: Id(0)] int Number, [property: Id(1)] string Actor, [property: Id(2)] DateTimeOffset At) : IEvent;

[GenerateSerializer, Immutable, Alias("transfer-declined")]
public sealed record TransferDeclined(
    [property: Id(0)] int Number, [property: Id(1)] string Reason, [property: Id(2)] string Actor, [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>From here on the patient has another home clinic.</summary>
/// <param name="HomeClinic">The clinic that accepted.</param>
/// <param name="TimeZone">Its IANA time zone.</param>
/// <param name="RecordNumber">Under which it has the patient.</param>
/// <param name="Sites">Who may see the plan beside it: those of before, and the former home clinic as the offer says.</param>
[GenerateSerializer, Immutable, Alias("transfer-accepted")]
public sealed record TransferAccepted(
    [property: Id(0)] int Number,
    [property: Id(1)] ClinicId HomeClinic,
    [property: Id(2)] string TimeZone,
    [property: Id(3)] string RecordNumber,
    [property: Id(4)] ImmutableArray<SiteGrant> Sites,
    [property: Id(5)] string Actor,
    [property: Id(6)] DateTimeOffset At) : IEvent;

/// <param name="Number">Of the offer, 1..n of this patient.</param>
/// <param name="ExpiresAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("transfer-answer")]
public sealed record TransferAnswer([property: Id(0)] int Number, [property: Id(1)] DateTimeOffset ExpiresAt);
