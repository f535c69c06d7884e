using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Errors;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Gateway.Requests;

/// <summary>Reads message fields into domain types; what cannot be read is refused with the field's name, never with its content.</summary>
internal static class Fields
{
    private delegate bool TryParseName<T>(string name, out T id);

    public static PatientId Patient(string name, string field) => Name<PatientId>(name, field, PatientId.TryParseName, "patients/{patient}");

    public static ClinicId Clinic(string name, string field) => Name<ClinicId>(name, field, ClinicId.TryParseName, "clinics/{clinic}");

    public static ApprovalId Approval(string name, string field) => Name<ApprovalId>(name, field, ApprovalId.TryParseName, "approvals/{approval}");

    public static DoubleId Double(string name, string field) => Name<DoubleId>(name, field, DoubleId.TryParseName, "doubles/{double}");

    public static ProtocolId Protocol(string name, string field) => Name<ProtocolId>(name, field, ProtocolId.TryParseName, "protocols/{protocol}");

    public static PartnerId Partner(string name, string field) => Name<PartnerId>(name, field, PartnerId.TryParseName, "partners/{partner}");

    public static AgreementId Agreement(string name, string field) => Name<AgreementId>(name, field, AgreementId.TryParseName, "partners/{partner}/agreements/{agreement}");

    public static string Id(string id, string field) => Slug.IsValid(id)
        ? id
        : throw Invalid("ID_INVALID", field, $"Give 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes.");

    public static DateTimeOffset Instant(Timestamp? timestamp, string field) =>
        timestamp is { Nanos: >= 0 and <= 999_999_999, Seconds: >= -62_135_596_800 and <= 253_402_300_799 }
            ? timestamp.ToDateTimeOffset()
            : throw Invalid("TIME_MISSING", field, "Give a time.");

    public static DateOnly Day(string text, string field) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Invalid("DATE_INVALID", field, "Give a day as YYYY-MM-DD.");

    /// <summary>A proto enum value as the domain's enum of the same numbers; unspecified and unknown values are refused.</summary>
    public static TDomain Enum<TDomain>(int value, string field)
        where TDomain : struct, System.Enum =>
        value != 0 && System.Enum.IsDefined(typeof(TDomain), value)
            ? (TDomain)System.Enum.ToObject(typeof(TDomain), value)
            : throw Invalid("VALUE_MISSING", field, "Give one of the documented values.");

    public static double Finite(double value, string field) =>
        double.IsFinite(value) ? value : throw Invalid("NUMBER_INVALID", field, "Give a finite number.");

    /// <summary>0 means "not given" on the wire.</summary>
    public static double? Optional(double value, string field) => Finite(value, field) == 0 ? null : value;

    public static T Required<T>(T? message, string field)
        where T : class =>
        message ?? throw Invalid("FIELD_MISSING", field, "Give this field.");

    public static int PageSize(int asked, int usual, int most) =>
        asked < 0 ? throw Invalid("PAGE_SIZE_INVALID", "page_size", "Give 0 or more.") : asked == 0 ? usual : Math.Min(asked, most);

    public static RefusedException Invalid(string reason, string field, string message) => new(Refusal.Invalid(reason, field, message));

    private static T Name<T>(string name, string field, TryParseName<T> parse, string form) =>
        parse(name, out var id)
            ? id
            : throw Invalid("NAME_INVALID", field, $"Give {form}; the id is 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes.");
}
