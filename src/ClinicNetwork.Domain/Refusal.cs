namespace ClinicNetwork.Domain;

/// <summary>An expected "no": a stable reason, the field it is about, and what to do. Never holds patient data.</summary>
/// <param name="Reason">Stable <c>UPPER_SNAKE</c> code; callers program against it.</param>
/// <param name="Field">Request field in proto spelling (<c>blood_pressure.systolic_mmhg</c>); empty when it is about the state.</param>
/// <param name="Message">One sentence that says what to do.</param>
/// <param name="Kind">Which class of answer the gateway gives.</param>
[GenerateSerializer, Immutable, Alias("refusal")]
public sealed record Refusal(
    [property: Id(0)] string Reason,
    [property: Id(1)] string Field,
    [property: Id(2)] string Message,
    [property: Id(3)] RefusalKind Kind)
{
    public static Refusal Invalid(string reason, string field, string message) => new(reason, field, message, RefusalKind.Invalid);

    public static Refusal NotFound(string reason, string field, string message) => new(reason, field, message, RefusalKind.NotFound);

    public static Refusal Precondition(string reason, string field, string message) => new(reason, field, message, RefusalKind.Precondition);

    public static Refusal Exists(string reason, string field, string message) => new(reason, field, message, RefusalKind.Exists);

    public static Refusal Denied(string reason, string field, string message) => new(reason, field, message, RefusalKind.Denied);

    public static Refusal OutOfRange(string reason, string field, string message) => new(reason, field, message, RefusalKind.OutOfRange);

    public static Refusal Unavailable(string reason, string message) => new(reason, "", message, RefusalKind.Unavailable);

    public static Refusal Exhausted(string reason, string message) => new(reason, "", message, RefusalKind.Exhausted);

    public static Refusal Unauthenticated(string reason, string field, string message) => new(reason, field, message, RefusalKind.Unauthenticated);

    public static Refusal Stale(string reason, string field, string message) => new(reason, field, message, RefusalKind.Stale);
}

/// <summary>The classes of refusal, one gRPC status each.</summary>
[GenerateSerializer, Alias("refusal-kind")]
public enum RefusalKind
{
    /// <summary>The request itself is wrong, whatever the state: INVALID_ARGUMENT.</summary>
    Invalid,

    /// <summary>Not there, or not for this caller to know: NOT_FOUND.</summary>
    NotFound,

    /// <summary>The state does not permit it now: FAILED_PRECONDITION.</summary>
    Precondition,

    /// <summary>It is there already: ALREADY_EXISTS.</summary>
    Exists,

    /// <summary>Decided on an older version than the present one: ABORTED.</summary>
    Stale,

    /// <summary>The caller may know of it but not do this: PERMISSION_DENIED.</summary>
    Denied,

    /// <summary>A version or cursor that this store does not have: OUT_OF_RANGE.</summary>
    OutOfRange,

    /// <summary>Try again with the same request id: UNAVAILABLE. The reason tells whether it was executed.</summary>
    Unavailable,

    /// <summary>More than this caller's share; nothing was looked at. Try again later: RESOURCE_EXHAUSTED.</summary>
    Exhausted,

    /// <summary>Who calls cannot be told by what the call carries: UNAUTHENTICATED.</summary>
    Unauthenticated,
}
