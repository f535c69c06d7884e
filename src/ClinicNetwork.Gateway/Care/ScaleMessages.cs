using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Scales from the domain to the wire.</summary>
internal static class ScaleMessages
{
    public static Wire.RecordScaleResponse Of(Wire.Receipt receipt, ScaleAnswer answer)
    {
        var message = new Wire.RecordScaleResponse
        {
            Receipt = receipt,
            Band = answer.Band,
            Triage = Of(answer.Triage),
            Prorated = answer.Prorated,
            OverlapsEarlier = answer.OverlapsEarlier,
            OutsideWindow = answer.OutsideWindow,
        };
        message.FollowUps.AddRange(answer.FollowUps.Select(f => (Wire.ScaleFollowUp)f));
        if (answer.Total is { } total)
        {
            message.Total = total;
        }

        return message;
    }

    /// <summary>All answers of a patient but those of the PHQ-9, in order of recording.</summary>
    public static IEnumerable<Wire.AnsweredScale> Of(PatientState state)
    {
        var later = ScaleCatalogue.All.ToDictionary(s => s.Kind, s => new Queue<bool>(RecallOverlap.Of(state, s)));
        return state.AnsweredScales.Select(a => Of(state, a, later[a.Scale].Dequeue()));
    }

    public static Wire.Scale Of(Scale scale)
    {
        var message = new Wire.Scale
        {
            Kind = (Wire.ScaleKind)scale.Kind,
            Id = scale.Id,
            Version = scale.Version,
            Title = scale.Title,
            RecallDays = scale.RecallDays,
            ProratedItemsMax = scale.ProratedItemsMax,
            MissingRule = scale.MissingRule,
            Licence = scale.Licence,
            Source = scale.Source,
            Code = Of(ScaleCode.Of(scale.Loinc, scale.Id)),
            ResultCode = Of(ScaleCode.Of(scale.ResultLoinc, scale.Id + "-result")),
            SelfRated = scale.SelfRated,
        };
        message.Items.AddRange(scale.Items.Select(i => Of(scale, i)));
        message.Bands.AddRange(scale.Bands.Select(b => new Wire.ScaleBand { Name = b.Name, From = b.From, To = b.To }));
        if (scale.TotalMax is { } most)
        {
            message.TotalMax = most;
        }

        return message;
    }

    internal static Wire.AnsweredScale Of(PatientState state, AnsweredScale answer, bool overlapsEarlier)
    {
        var message = new Wire.AnsweredScale
        {
            Name = $"{state.Id.Name}/assessments/{answer.Id.Value}",
            Scale = (Wire.ScaleKind)answer.Scale,
            ScaleVersion = answer.Version,
            OccurredAt = answer.OccurredAt.ToTimestamp(),
            Band = answer.Band,
            Triage = Of(answer.Triage),
            Prorated = answer.Prorated,
            OverlapsEarlier = overlapsEarlier,
        };
        message.Items.AddRange(answer.Items.Select(i => new Wire.ScaleItem { Key = i.Key, Value = i.Value }));
        if (answer.Total is { } total)
        {
            message.Total = total;
        }

        return message;
    }

    private static Wire.ScaleItemDefinition Of(Scale scale, ScaleItem item) => new()
    {
        Number = item.Number,
        Key = item.Key,
        Max = item.Max,
        Text = item.Text,
        Domain = item.Domain,
        OptionalItem = item.Optional,
        AskedIf = item.AskedIf,
        OneOf = item.OneOf,
        Triage = Of(item.Triage),
        FollowUp = item.FollowUp is { } followUp ? (Wire.ScaleFollowUp)followUp : Wire.ScaleFollowUp.Unspecified,
        FollowUpFrom = item.FollowUp is null ? 0 : item.FollowUpFrom,
        Code = Of(ScaleCode.Of(item.Loinc, $"{scale.Id}-{item.Key}")),
    };

    private static Wire.RiskTriage Of(RiskTriage? triage) => triage is { } sure ? (Wire.RiskTriage)sure : Wire.RiskTriage.Unspecified;

    private static Wire.ScaleCode Of(ScaleCode code) => new() { System = code.System, Code = code.Code };
}
