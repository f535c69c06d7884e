using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Site;

/// <summary>What this site knows of the network's clock: by its machine's own, which anybody can set, and by what cannot be undone by that.</summary>
public sealed partial class SiteReplica
{
    private const string Behind = "behind";
    private const string Seen = "latest";

    private Mark? _mark;
    private TimeSpan _clockSet;

    /// <summary>The network's clock, as far as it is known: this machine's, corrected by what it was wrong by at the last contact.</summary>
    public DateTimeOffset Now => _options.Time.GetUtcNow() + _file.Read(Offset);

    /// <summary>
    /// The latest that the network's clock was seen to be here: kept with each change that is recorded or refused and at each contact, and going on by itself while a program has the folder
    /// open. The right to dose is judged by it: a clock that is set back lengthens none. One that was ahead makes it late until the next contact, which begins anew.
    /// </summary>
    public DateTimeOffset Latest => _file.Read(LatestIn);

    /// <summary>By how much this machine's clock was set, as contacts found that nobody was told of yet: below zero back.</summary>
    internal TimeSpan TakeClockSet()
    {
        var set = _clockSet;
        _clockSet = TimeSpan.Zero;
        return set;
    }

    /// <summary>What was seen now outlives the program.</summary>
    internal void Pass() => _file.Write(KeepLatest);

    private DateTimeOffset KeepLatest()
    {
        var latest = LatestIn();
        _file.SetTime(Seen, latest);
        return latest;
    }

    /// <summary>At a contact, before what the clock is wrong by is kept: what was seen by that clock is replaced by what the network says.</summary>
    private void BeginAnew(DateTimeOffset storeTime, TimeSpan behind)
    {
        _clockSet += _file.FindMeta(Behind) is null ? TimeSpan.Zero : Offset() - behind;
        _file.SetTime(Seen, storeTime);
        _mark = new(storeTime, storeTime, Time.GetTimestamp());
    }

    private DateTimeOffset LatestIn()
    {
        var (contact, kept, ticks) = (_file.FindTime(Contact), _file.FindTime(Seen) ?? DateTimeOffset.MinValue, Time.GetTimestamp());
        var gone = _mark is { } mark && mark.Contact == contact ? mark.At + Time.GetElapsedTime(mark.Ticks, ticks) : kept;
        _mark = new(contact, ((DateTimeOffset[])[Now, kept, gone]).Max(), ticks);
        return _mark.At;
    }

    /// <summary>For what happens now: never before the last contact, whatever this machine's clock says.</summary>
    private DateTimeOffset Stamp() => _file.FindTime(Contact) is { } contact && contact > Now ? contact : Now;

    /// <summary>A start that this machine's clock puts before the latest time that was seen is held by what holds it then, too. A person's time is that person's word.</summary>
    private static Refusal? CheckLatest(OutboxItem item, PatientState state, Judgement judgement, DateTimeOffset latest)
    {
        if (!item.Stamped || latest <= item.At)
        {
            return null;
        }

        var report = item.Change.ReportSession.Clone();
        report.Session.OccurredAt = latest.ToTimestamp();
        return judgement.CheckStart(state, report, latest) is { } held
            ? held with { Message = $"This machine's clock was set back; by the latest time that was seen here: {held.Message}" }
            : null;
    }

    private TimeSpan Offset() => _file.FindMeta(Behind) is { } text ? TimeSpan.FromMilliseconds(long.Parse(text, CultureInfo.InvariantCulture)) : TimeSpan.Zero;

    /// <param name="Contact">After which it was made; another one begins anew.</param>
    /// <param name="Ticks">Of a clock that nobody sets.</param>
    private sealed record Mark(DateTimeOffset? Contact, DateTimeOffset At, long Ticks);
}
