using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Sessions;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>What the programme for esketamine is told, well-formed; the form is signed ten days before day 0.</summary>
internal static class RemsGiven
{
    public static RecordRemsEnrolment Form(Chart chart) => new(
        RemsEnrolmentKind.Form, Given.Home, "Dr Chen", RemsIndication.TreatmentResistantDepression, ConsentSigned: true, "E-77", chart.At(-10), ClinicCertified: true);

    public static RecordRemsEnrolment Notice(Chart chart, ClinicId clinic, int day) => new(
        RemsEnrolmentKind.TransferNotice, clinic, "", null, ConsentSigned: false, "T-5", chart.At(day), ClinicCertified: true);

    public static RecordRemsDetails Details(Chart chart) =>
        new(LaterSession.Id, "K4711", [RemsMedication.Benzodiazepines, RemsMedication.Opioids], 95, "R. Alvarez", chart.At(0, 13));
}
