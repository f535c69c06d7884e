namespace ClinicNetwork.Client;

/// <summary>How the rows that may be used now are written.</summary>
public enum CurrentFormat
{
    /// <summary><c>current.ndjson</c>: one JSON object a line, a member for each column.</summary>
    Ndjson = 1,

    /// <summary><c>current.csv</c>: RFC 4180 with a header, UTF-8, CRLF.</summary>
    Csv = 2,
}
