using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains;

/// <summary>
/// What a retry of an accepted command is told: the stored answer, as long as it is kept and the payload is the same. The audit has the command under who
/// gave it, so nobody else gets the answer; and nobody else learns whether it was the same request.
/// </summary>
internal static class StoredReply
{
    /// <summary>Actor of every row before 0.3.0, which knew callers by no name: whoever tries such a one again is answered, as then.</summary>
    private const string ActorBeforeNames = "local";

    private static readonly Refusal Reused = Refusal.Invalid(
        "REQUEST_ID_REUSED", "request_id", "This id was used for another request, or by another caller or site; make a new id for a new request.");

    public static Reply<TAnswer> Of<TAnswer>(StoredRequest stored, CommandOrigin origin)
        where TAnswer : class
    {
        if (!stored.SamePayload || !IsOf(stored.Row.Actor, stored.Row.Site, origin))
        {
            return Reply<TAnswer>.Refused(Reused);
        }

#if FAULTS
        if (Faults.Has("RefusesRetries"))
        {
            return Reply<TAnswer>.Refused(Refusal.Exists("DONE_ALREADY", "request_id", "A planted defect: it was accepted before."));
        }

        if (Faults.Has("AnswersRetriesAnew") && stored.Row.Answer is TAnswer again)
        {
            return Reply<TAnswer>.Accepted(again, stored.Row.Version, stored.Row.RecordedAt.AddMilliseconds(1));
        }
#endif
        // Versions before 0.6 had nothing to say of a consent.
        return (stored.Row.Answer is Accepted ? stored.Row.Answer as TAnswer ?? ConsentAnswer.Untold as TAnswer : stored.Row.Answer as TAnswer) is { } answer
            ? Reply<TAnswer>.Accepted(answer, stored.Row.Version, stored.Row.RecordedAt)
            : Reply<TAnswer>.Refused(Refusal.Exists("ANSWER_EXPIRED", "request_id", $"It was accepted as version {stored.Row.Version}; its answer is no longer kept."));
    }

    /// <summary>Of a command whose payload nobody can compare any more: its key went with it.</summary>
    public static Reply<Accepted> Of(Erasure erasure, CommandOrigin origin) => IsOf(erasure.Actor, erasure.Site, origin)
        ? Reply<Accepted>.Accepted(Accepted.Instance, erasure.Version, erasure.RecordedAt)
        : Reply<Accepted>.Refused(Reused);

    private static bool IsOf(string actor, string site, CommandOrigin origin) =>
        (actor == origin.Actor || actor == ActorBeforeNames) && site == (origin.Site?.Value ?? "");
}
