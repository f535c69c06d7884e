using ClinicNetwork.Domain;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains;

/// <summary>What a retry of an accepted command is told: the stored answer, as long as it is kept and the payload is the same.</summary>
internal static class StoredReply
{
    public static Reply<TAnswer> Of<TAnswer>(StoredRequest stored)
        where TAnswer : class
    {
        if (!stored.SamePayload)
        {
            return Reply<TAnswer>.Refused(Refusal.Invalid("REQUEST_ID_REUSED", "request_id", "This id was used for another request; make a new id for a new request."));
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
        return stored.Row.Answer is TAnswer answer
            ? Reply<TAnswer>.Accepted(answer, stored.Row.Version, stored.Row.RecordedAt)
            : Reply<TAnswer>.Refused(Refusal.Exists("ANSWER_EXPIRED", "request_id", $"It was accepted as version {stored.Row.Version}; its answer is no longer kept."));
    }
}
