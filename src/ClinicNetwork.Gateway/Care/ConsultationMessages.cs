using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A consultation's coded parts, to the wire.</summary>
internal static class ConsultationMessages
{
    public static Wire.TreatmentTrial? Of(TreatmentTrial? trial)
    {
        if (trial is null)
        {
            return null;
        }

        var message = new Wire.TreatmentTrial
        {
            TreatmentClass = (Wire.TreatmentClass)trial.Class,
            DoseUnit = (Wire.DoseUnit)(trial.Unit ?? default),
            Adherence = (Wire.Adherence)(trial.Adherence ?? default),
        };
        if (trial.Dose is { } dose)
        {
            message.Dose = dose;
        }

        if (trial.Weeks is { } weeks)
        {
            message.Weeks = weeks;
        }

        if (trial.PresentEpisode is { } present)
        {
            message.PresentEpisode = present;
        }

        return message;
    }

    /// <summary>Its number, time and author, and what it says beyond the first versions' record.</summary>
    public static void AddTo(Wire.Consultation message, RecordedConsultation recorded)
    {
        (message.Number, message.OccurredAt, message.RecordedBy) = (recorded.Number, recorded.OccurredAt.ToTimestamp(), recorded.Actor);
        if (recorded.Consultation.Detail is not { } detail)
        {
            return;
        }

        message.Findings.AddRange(detail.Findings.Select(f => new Wire.CodedFinding { Code = f.Code, Present = f.Present, Note = f.Note }));
        message.Allergies.AddRange(detail.Allergies);
        message.Pregnancy = (Wire.PregnancyPossibility)(detail.Pregnancy ?? default);
        message.BaselineScales.AddRange(detail.BaselineScales.Select(s => (Wire.ScaleKind)s));
        message.Discussed.AddRange(detail.Discussed.Select(d => (Wire.DiscussedTopic)d));
        if (detail.MedicationReviewed)
        {
            message.Medication = new();
            message.Medication.Medications.AddRange(detail.Medications.Select(m => new Wire.Medication { Name = m.Name, MedicationClass = (Wire.MedicationClass)m.Class, Dose = m.Dose }));
        }

        if (detail.AcuteIdeation is { } acute)
        {
            message.AcuteIdeation = acute;
        }
    }
}
